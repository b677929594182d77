namespace GradGuard.Analyzers.Catalogue;

/// <summary>The families of the catalogue, as they appear in <c>.editorconfig</c> (<c>dotnet_analyzer_diagnostic.category-…</c>).</summary>
internal static class RuleCategories
{
    public const string Initialization = "Initialization";
    public const string Saturation = "Saturation";
    public const string Recurrence = "Recurrence";
    public const string TrainingLoop = "TrainingLoop";
    public const string Loss = "Loss";
    public const string Modules = "Modules";
}
