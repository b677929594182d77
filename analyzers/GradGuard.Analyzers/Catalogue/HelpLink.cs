namespace GradGuard.Analyzers.Catalogue;

/// <summary>Where a rule's page is read.</summary>
internal static class HelpLink
{
    private const string Pages = "https://github.com/gradguard/gradguard/blob/main/docs/rules/";

    public static string For(string id) => Pages + id + ".md";
}
