namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>
/// The learning rates with which an optimizer usually trains: two to four orders of magnitude below TorchSharp's default, and one or two above,
/// by how the optimizer scales its step. Adam and its kin move each weight by about the rate itself, so that 0.1 is a tenth of the weight's size;
/// plain SGD scales by the gradient and is run with up to 5 on well-scaled losses.
/// </summary>
internal sealed record LearningRateRange(double Least, double Greatest)
{
    private static readonly LearningRateRange Normalized = new(1e-7, 0.1);

    private static readonly IReadOnlyDictionary<string, LearningRateRange> ByOptimizer = new Dictionary<string, LearningRateRange>
    {
        ["Adam"] = Normalized,
        ["AdamW"] = Normalized,
        ["Adamax"] = Normalized,
        ["NAdam"] = Normalized,
        ["RAdam"] = Normalized,
        ["RMSProp"] = Normalized,
        ["Adagrad"] = new(1e-5, 1),
        ["Adadelta"] = new(1e-3, 10),
        ["SGD"] = new(1e-7, 10),
        ["ASGD"] = new(1e-7, 10),
        ["Rprop"] = new(1e-5, 1),
        ["LBFGS"] = new(1e-4, 2),
    };

    /// <summary>The range of an optimizer class of TorchSharp's; null for any other.</summary>
    public static LearningRateRange? Of(string optimizer) => ByOptimizer.TryGetValue(optimizer, out var range) ? range : null;

    public bool Contains(double rate) => rate >= Least && rate <= Greatest;
}
