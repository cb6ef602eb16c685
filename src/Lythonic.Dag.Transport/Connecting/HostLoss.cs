namespace Lythonic.Dag.Transport;

/// <summary>Why a host cannot be reached, or was lost.</summary>
/// <param name="Host">The name of the host.</param>
/// <param name="Reason">What happened, in one sentence without the host's name.</param>
/// <param name="Words">The last lines that the client program wrote to its standard error; may be empty.</param>
/// <param name="ExitCode">The client program's exit code; <see langword="null"/> if it did not end by itself, or never began.</param>
public sealed record HostLoss(string Host, string Reason, string Words = "", int? ExitCode = null)
{
    private const int ShownLines = 4;

    /// <summary>What happened, for people; if the program wrote many lines, with the first ones and the last.</summary>
    public override string ToString() => Compose(Short(Words.Split('\n')));

    /// <summary>What happened, with all lines.</summary>
    public string ToLongString() => Compose(Words);

    private static string Short(string[] lines) => string.Join('\n', lines.Length <= (2 * ShownLines) + 1
        ? lines
        : [.. lines.Take(ShownLines), "…", .. lines.TakeLast(ShownLines)]);

    private string Compose(string words) =>
        $"The host '{Host}' is unreachable: {Reason}"
        + $"{(ExitCode is { } code ? $" (exit code {code})" : "")}{(words.Length > 0 ? $": {words}" : ".")}";
}
