using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Source;

/// <summary>What the parts of <c>a?.b</c> are.</summary>
internal static class ConditionalAccess
{
    /// <summary>
    /// The value in front of the <c>?.</c> that <paramref name="instance"/> stands for. In <c>a?.b?.c</c> the second <c>?.</c> lies within what follows
    /// the first, and its own value begins with the instance of the first: an access counts only where the instance is in what follows it.
    /// </summary>
    public static IOperation? AccessedValue(this IConditionalAccessInstanceOperation instance)
    {
        IOperation part = instance;
        for (var parent = part.Parent; parent is not null; (part, parent) = (parent, parent.Parent))
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == part)
                return access.Operation;
        }

        return null;
    }
}
