using System.Management.Automation;

namespace Lythonic.Dag.Transport;

/// <summary>An error of code on a host.</summary>
/// <param name="Message">One sentence, for people.</param>
/// <param name="Record">PowerShell's record of it, as remoting brought it.</param>
/// <param name="Position">The position in the script, with the line; or <see langword="null"/>.</param>
/// <param name="StackTrace">The script's stack there, or <see langword="null"/>.</param>
/// <param name="TypeName">The full name of the exception's type there, or <see langword="null"/>.</param>
public sealed record RemoteError(
    string Message, ErrorRecord? Record, string? Position = null, string? StackTrace = null, string? TypeName = null);
