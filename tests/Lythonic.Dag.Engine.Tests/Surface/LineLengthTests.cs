namespace Lythonic.Dag.Engine.Tests.Surface;

public sealed class LineLengthTests
{
    private const int MaximumLength = 140;

    // The text of a released migration never changes, and neither do its line breaks.
    private const string ReleasedMigrations = "src/Lythonic.Dag.Sqlite/File/ReleasedMigrations.cs";

    [Fact]
    public void No_line_of_code_is_longer_than_140_characters() => SourceLines.None(
        from folder in new[] { "build", "docs/examples", "src", "tests" }
        from line in SourceLines.Under(folder)
        where line.Text.Length > MaximumLength && line.File != ReleasedMigrations
        select $"{line.Place} has {line.Text.Length}");
}
