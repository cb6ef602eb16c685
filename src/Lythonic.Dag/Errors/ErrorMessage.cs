using System.Management.Automation;

namespace Lythonic.Dag.Errors;

/// <summary>
/// The text of an error record: the message of the exception, followed by the error details if they say something else. Converting a record
/// to text gives only its details; for a failed web request that is the server's answer without the status.
/// </summary>
internal static class ErrorMessage
{
    /// <summary>The text.</summary>
    public static string Compose(ErrorRecord error)
    {
        var said = error.Exception is { } exception ? ExceptionText.MessageOf(exception) : "";
        var (message, details) = (said.Trim(), error.ErrorDetails?.Message?.Trim() ?? "");
        if (details.Length == 0 || message.Contains(details, StringComparison.Ordinal))
            return message.Length > 0 ? said : error.ToString();
        return message.Length == 0 || details.StartsWith(message, StringComparison.Ordinal)
            ? error.ErrorDetails!.Message
            : $"{message}\n{details}";
    }
}
