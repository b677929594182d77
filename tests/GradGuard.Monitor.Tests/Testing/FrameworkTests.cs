using GradGuard.Monitor.Testing;
using Xunit.Sdk;

namespace GradGuard.Monitor.Tests.Testing;

public sealed class FrameworkTests
{
    [Fact]
    public void XunitTakesItForAFailedAssertion()
    {
        var failure = AssertionFailure.Of("it is broken", []);

        var (types, messages, _, _, cause) = ExceptionUtility.ExtractMetadata(failure);
        Assert.Equal(FailureCause.Assertion, cause);
        Assert.Equal(["it is broken"], messages);
        Assert.Equal([typeof(TrainingAssertException).FullName], types);
    }

    [Fact]
    public void AnyOtherExceptionIsAnError()
        => Assert.Equal(FailureCause.Exception, ExceptionUtility.ExtractMetadata(new InvalidOperationException()).Cause);
}
