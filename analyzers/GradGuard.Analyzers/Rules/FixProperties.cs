using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>Names of what a diagnostic tells its code fix.</summary>
internal static class FixProperties
{
    /// <summary>The initializer that fits, as a method of <c>torch.nn.init</c>: <c>xavier_uniform_</c>, <c>kaiming_normal_</c>, …</summary>
    public const string Initializer = "Initializer";

    /// <summary>The fan-in or inner width as an invariant integer.</summary>
    public const string FanIn = "FanIn";

    /// <summary>The parameters to clip, as an expression of the code that is fixed: <c>model.parameters()</c>.</summary>
    public const string Parameters = "Parameters";

    /// <summary>The function of <c>torch.nn.functional</c> that does the same safely: <c>log_softmax</c>, <c>logsigmoid</c>.</summary>
    public const string Function = "Function";

    /// <summary>Present where the finding lies at the creation of a module, not at a call.</summary>
    public const string Creation = "Creation";

    /// <summary>The scope that the code lacks, as a function of <c>torch</c> (<c>no_grad</c>, <c>NewDisposeScope</c>) or the keyword <c>using</c>.</summary>
    public const string Scope = "Scope";

    /// <summary>Present where a plain collection can become the container of TorchSharp's that is named.</summary>
    public const string Container = "Container";

    /// <summary>Properties of a finding at <paramref name="creation"/>; none where that is null.</summary>
    public static ImmutableDictionary<string, string?> OfCreation(Location? creation) =>
        creation is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(Creation, "");
}
