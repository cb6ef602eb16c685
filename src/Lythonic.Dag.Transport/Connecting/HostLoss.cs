namespace Lythonic.Dag.Transport;

/// <summary>Why a host cannot be reached, or was lost.</summary>
/// <param name="Host">The name of the host.</param>
/// <param name="Reason">What happened, in one sentence without the host's name.</param>
/// <param name="Words">What the client program said on its standard error, its last lines; may be empty.</param>
/// <param name="ExitCode">The client program's exit code; <see langword="null"/> where it did not end by itself, or never began.</param>
public sealed record HostLoss(string Host, string Reason, string Words = "", int? ExitCode = null)
{
    private const int ShownLines = 4;

    /// <summary>What happened, for people: of many lines of its words the first ones and the last.</summary>
    public override string ToString() => Compose(Short(Words.Split('\n')));

    /// <summary>The whole story.</summary>
    public string ToLongString() => Compose(Words);

    private static string Short(string[] lines) => string.Join('\n', lines.Length <= (2 * ShownLines) + 1
        ? lines
        : [.. lines.Take(ShownLines), "…", .. lines.TakeLast(ShownLines)]);

    private string Compose(string words) =>
        $"The host '{Host}' is unreachable: {Reason}"
        + $"{(ExitCode is { } code ? $" (exit code {code})" : "")}{(words.Length > 0 ? $": {words}" : ".")}";
}
