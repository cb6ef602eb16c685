namespace Lythonic.Dag.Host;

/// <summary>The exit codes that are the host's own; any other is the script's. The numbers of refusals are those of <c>sysexits.h</c>.</summary>
internal static class HostExitCode
{
    /// <summary>The script ended and did not say <c>exit</c>.</summary>
    public const int Success = 0;

    /// <summary>A terminating error ended the script.</summary>
    public const int ScriptFailed = 1;

    /// <summary>No script was named.</summary>
    public const int Usage = 64;

    /// <summary>The script is not there.</summary>
    public const int NoScript = 66;

    /// <summary>The module is not there, or does not load.</summary>
    public const int NoModule = 69;

    /// <summary>Ctrl+C stopped the script.</summary>
    public const int Interrupted = 130;
}
