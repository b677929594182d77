namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>A small library that is never run, so that it needs no native library, with the analyzers as a package.</summary>
public sealed class GatedProject(PackedPackages packages) : IAsyncLifetime
{
    private readonly Consumer _consumer = new(packages);

    public async ValueTask InitializeAsync()
    {
        _consumer.Copy("Gated");
        var restore = await _consumer.DotnetAsync("restore", "Gated");
        Assert.True(restore.ExitCode == 0, restore.Output);
    }

    internal Task<ProcessResult> BuildAsync(params string[] arguments) =>
        _consumer.DotnetAsync(["build", "Gated", "--no-restore", "--nologo", "-clp:NoSummary", .. arguments]);

    /// <summary>Builds as if nothing had been.</summary>
    internal Task<ProcessResult> RebuildAsync(params string[] arguments) => BuildAsync(["--no-incremental", .. arguments]);

    internal string ReadFile(string name) => File.ReadAllText(_consumer.Path("Gated", name));

    internal void DeleteFile(string name) => File.Delete(_consumer.Path("Gated", name));

    /// <summary>Settings of the project's sources, until disposed.</summary>
    internal IDisposable WithEditorConfig(string setting)
    {
        _consumer.Write(Path.Combine("Gated", ".editorconfig"), $"root = true\n[*.cs]\n{setting}\n");
        return new Settings(() => DeleteFile(".editorconfig"));
    }

    public ValueTask DisposeAsync()
    {
        _consumer.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Settings(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
