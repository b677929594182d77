using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Datasets;

/// <summary>
/// Fashion-MNIST: grey images of 28 × 28, ten classes of clothing. Inputs are float [n, 784], standardised to mean 0 and
/// standard deviation 1 over the whole training set; targets are int64 [n]. Reads the excerpt shipped in data/, or the full files.
/// </summary>
public sealed class FashionMnist : LearningTask
{
    public const int Rows = 28;
    public const int Columns = 28;
    public const int Pixels = Rows * Columns;
    public const int Classes = 10;

    // Mean and standard deviation of the pixels of the 60,000 training images, scaled to 0…1.
    private const float Mean = 0.2860f;
    private const float StandardDeviation = 0.3530f;

    /// <summary>The folder of the excerpt that lies next to the program.</summary>
    public static string ExcerptDirectory => Path.Combine(AppContext.BaseDirectory, "data");

    public override bool ReadsFiles => true;

    public override Dataset Load(string? directory, int seed)
    {
        directory ??= ExcerptDirectory;
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"{directory}: no such directory");
        var (trainInputs, trainTargets) = LoadPart(directory, "train");
        var (testInputs, testTargets) = LoadPart(directory, "t10k");
        return new Dataset(trainInputs, trainTargets, testInputs, testTargets);
    }

    public override Tensor Loss(Tensor output, Tensor target) => functional.cross_entropy(output, target);

    public override Tensor IsRight(Tensor output, Tensor target) => output.argmax(1).eq(target);

    private static (Tensor Inputs, Tensor Targets) LoadPart(string directory, string part)
    {
        var imagesPath = Find(directory, $"{part}-images-idx3-ubyte");
        var labelsPath = Find(directory, $"{part}-labels-idx1-ubyte");
        var images = IdxFile.Read(imagesPath);
        var labels = IdxFile.Read(labelsPath);

        if (images.Shape is not [var count, Rows, Columns])
            throw new InvalidDataException($"{imagesPath}: holds {Describe(images)}, not images of {Rows} × {Columns}");
        if (labels.Shape is not [var labelCount] || labelCount != count)
            throw new InvalidDataException($"{labelsPath}: holds {Describe(labels)}, but there are {count} images");
        if (count == 0)
            throw new InvalidDataException($"{imagesPath}: holds no image");
        if (labels.Data.Max() is var largest and >= Classes)
            throw new InvalidDataException($"{labelsPath}: label {largest} is none of the {Classes} classes 0…{Classes - 1}");

        using var bytes = tensor(images.Data, [count, Pixels]);
        using var unit = bytes.to_type(ScalarType.Float32).div_(255f);
        using var labelBytes = tensor(labels.Data);
        return (unit.sub(Mean).div_(StandardDeviation), labelBytes.to_type(ScalarType.Int64));
    }

    private static string Find(string directory, string name)
    {
        string plain = Path.Combine(directory, name);
        string gzipped = plain + ".gz";
        if (File.Exists(gzipped)) return gzipped;
        if (File.Exists(plain)) return plain;
        throw new FileNotFoundException($"{directory}: holds neither {name}.gz nor {name}");
    }

    private static string Describe(IdxFile file) => $"an array of {string.Join(" × ", file.Shape)}";
}
