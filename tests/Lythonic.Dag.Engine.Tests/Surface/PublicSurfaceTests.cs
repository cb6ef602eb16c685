namespace Lythonic.Dag.Engine.Tests.Surface;

public sealed class PublicSurfaceTests
{
    private const string Baseline = "PublicSurface.txt";

    /// <summary>The engine is a library that programs use: what they see of it changes by decision, and the file says which.</summary>
    [Fact]
    public void The_public_surface_of_the_engine_is_the_one_that_was_decided()
    {
        var folder = AppContext.BaseDirectory;
        var decided = File.ReadAllLines(Path.Combine(folder, Baseline));
        var actual = PublicSurface.Of(typeof(DagRunner).Assembly).ToArray();
        var found = Path.Combine(folder, "PublicSurface.actual.txt");
        File.WriteAllLines(found, actual);

        var added = actual.Except(decided).Select(line => $"+ {line}");
        var removed = decided.Except(actual).Select(line => $"- {line}");
        Assert.True(
            actual.SequenceEqual(decided),
            $"Where this is meant, copy {found} over src/Lythonic.Dag.Engine/{Baseline}:\n{string.Join('\n', [.. added, .. removed])}");
    }
}
