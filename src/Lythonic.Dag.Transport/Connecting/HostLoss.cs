namespace Lythonic.Dag.Transport;

/// <summary>Why a host cannot be reached, or was lost.</summary>
/// <param name="Host">The name of the host.</param>
/// <param name="Reason">What happened, in one sentence without the host's name.</param>
/// <param name="Words">What the client program said on its standard error, its last lines; may be empty.</param>
/// <param name="ExitCode">The client program's exit code; <see langword="null"/> where it did not end by itself, or never began.</param>
public sealed record HostLoss(string Host, string Reason, string Words = "", int? ExitCode = null)
{
    /// <summary>The whole story, for people.</summary>
    public override string ToString() =>
        $"The host '{Host}' is unreachable: {Reason}"
        + $"{(ExitCode is { } code ? $" (exit code {code})" : "")}{(Words.Length > 0 ? $": {Words}" : ".")}";
}
