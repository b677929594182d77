namespace GradGuard.Monitor.Testing;

/// <summary>
/// Tells xunit v3 that a test failed by an assertion and not by an error in it: it goes by the interface's name, in whatever namespace, so that
/// libraries need not reference it.
/// </summary>
internal interface IAssertionException;
