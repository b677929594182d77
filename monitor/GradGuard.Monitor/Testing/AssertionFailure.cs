namespace GradGuard.Monitor.Testing;

/// <summary>Makes the exception that the test framework at work takes for a failed assertion, without a reference to any.</summary>
internal static class AssertionFailure
{
    /// <summary>
    /// Exceptions that their frameworks know by type alone; each takes a message and an inner exception. MSTest's assembly has a new name
    /// since version 4.
    /// </summary>
    private static readonly (string Assembly, string Type)[] KnownByType =
    [
        ("nunit.framework", "NUnit.Framework.AssertionException"),
        ("MSTest.TestFramework", "Microsoft.VisualStudio.TestTools.UnitTesting.AssertFailedException"),
        ("Microsoft.VisualStudio.TestPlatform.TestFramework", "Microsoft.VisualStudio.TestTools.UnitTesting.AssertFailedException"),
    ];

    /// <summary>The exception to throw.</summary>
    /// <param name="message">Everything that is wrong.</param>
    /// <param name="alerts">The alerts in it.</param>
    public static Exception Of(string message, IReadOnlyList<Alert> alerts)
    {
        var failure = new TrainingAssertException(message, alerts);
        var loaded = AppDomain.CurrentDomain.GetAssemblies();
        foreach (var (name, typeName) in KnownByType)
        {
            var type = Array.Find(loaded, assembly => assembly.GetName().Name == name)?.GetType(typeName);
            if (type is not null && Activator.CreateInstance(type, message, failure) is Exception known)
                return known;
        }

        return failure;
    }
}
