using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.HardCases;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>
/// All programs, generated: each set has its own architecture families and its own data. Optimizers take turns, so that each meets
/// each family and each fault.
/// </summary>
internal static class ProgramCatalogue
{
    private static readonly OptimizerKind[] Optimizers = Enum.GetValues<OptimizerKind>();

    /// <summary>Healthy programs: every architecture with every task it reads, and the hard cases.</summary>
    public static IEnumerable<TrainingProgram> Healthy()
    {
        foreach (var part in Parts)
        {
            var turn = 0;
            foreach (var (architecture, task) in part.Pairs)
            {
                yield return part.Program(architecture, task, turn, new Usual());
                yield return part.Program(architecture, task, turn + 2, new Usual());
                turn++;
            }

            foreach (var program in part.HardCases())
                yield return program;
            foreach (var program in Others(part.Set))
                yield return program;
        }
    }

    /// <summary>Faulty programs: each fault on as many architectures and tasks as asked for.</summary>
    public static IEnumerable<SupervisedProgram> Faulty()
        => Parts.SelectMany(static part => FaultCatalogue.All.SelectMany(part.Faulty));

    private static IEnumerable<TrainingProgram> Others(ProgramSet set)
    {
        if (set == ProgramSet.Calibration)
        {
            yield return new GanDiscriminator(set, 32, () => LeakyReLU(0.2), "leaky");
            yield return new SparseReward(set, 32, 8, 5e-3);
        }
        else
        {
            yield return new GanDiscriminator(set, 64, () => LeakyReLU(0.2), "leaky");
            yield return new GanDiscriminator(set, 48, () => ReLU(), "relu");
            yield return new SparseReward(set, 64, 4, 5e-3);
            yield return new SparseReward(set, 24, 16, 1e-2);
        }
    }

    private static readonly ProgramPart[] Parts =
    [
        new(ProgramSet.Calibration, Optimizers,
            [
                new Mlp { Depth = 2 },
                new Mlp { Depth = 4, Width = 48 },
                new Mlp { Depth = 6 },
                new Mlp { Depth = 3, Activation = Nonlinearity.Tanh },
                new Mlp { Depth = 2, Activation = Nonlinearity.Sigmoid },
                new Mlp { Depth = 3, Activation = Nonlinearity.LeakyRelu },
                new Mlp { Depth = 3, Normalised = true },
                new Rnn { Activation = Nonlinearity.Tanh, Depth = 1 },
                new Rnn { Activation = Nonlinearity.Relu, Depth = 1, Width = 24 },
                new Gru { Activation = Nonlinearity.Tanh, Depth = 1 },
                new EmbeddingClassifier { Depth = 1 },
                new EmbeddingClassifier { Depth = 3, Activation = Nonlinearity.Tanh },
                new Dense { Depth = 3 },
                new Dense { Depth = 4, Activation = Nonlinearity.Tanh },
                new CellLoop { Activation = Nonlinearity.Tanh, Depth = 1 },
                new CellLoop { Activation = Nonlinearity.Relu, Depth = 1, Width = 24 },
                new CellLoop { IsGated = true, Activation = Nonlinearity.Tanh, Depth = 1, Width = 24 },
            ],
            [
                new Blobs(), new Blobs(noise: 0.2), new Spirals(), new RareRings(), new FriedmanRegression(), new FirstSymbol(), new SequenceMean(),
                new MajorityToken(),
            ]),
        new(ProgramSet.Report, Optimizers,
            [
                new Cnn { Depth = 2, Width = 8 },
                new Cnn { Depth = 3, Width = 8 },
                new Cnn { Depth = 3, Width = 8, Normalised = true },
                new Cnn { Depth = 2, Width = 8, Activation = Nonlinearity.Gelu },
                new Cnn { Depth = 4, Width = 8, Activation = Nonlinearity.Tanh },
                new Residual { Depth = 2 },
                new Residual { Depth = 4 },
                new Residual { Depth = 4, Normalised = true },
                new Residual { Depth = 3, Activation = Nonlinearity.Tanh },
                new Residual { Depth = 6, Normalised = true, Activation = Nonlinearity.Gelu },
                new Autoencoder { Depth = 1 },
                new Autoencoder { Depth = 2 },
                new Autoencoder { Depth = 2, Activation = Nonlinearity.Tanh },
                new Autoencoder { Depth = 3, Activation = Nonlinearity.LeakyRelu },
                new Lstm { Activation = Nonlinearity.Tanh, Depth = 1 },
                new HandWrittenRecurrence { Activation = Nonlinearity.Tanh, Depth = 1 },
                new HandWrittenRecurrence { Activation = Nonlinearity.Relu, Depth = 1, Width = 24 },
                new Transformer { Depth = 1 },
                new Transformer { Depth = 2 },
                new TemporalConvolution { Depth = 2, Width = 16 },
                new TemporalConvolution { Depth = 3, Width = 16, Activation = Nonlinearity.Tanh },
                new PatchMixer { Depth = 2, Width = 16, Activation = Nonlinearity.Gelu },
                new PatchMixer { Depth = 3, Width = 16 },
            ],
            [
                new Stripes(), new Spots(), new TeacherRegression(), new Imbalanced(), new Curves(), new Curves(bumps: true),
                new MarkedSymbol(), new SequencePeak(), new MarkedToken(), new FirstOfTwo(),
            ]),
    ];
}
