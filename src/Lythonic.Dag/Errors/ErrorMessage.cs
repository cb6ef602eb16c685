using System.Management.Automation;

namespace Lythonic.Dag.Errors;

/// <summary>
/// The text of an error record: the exception's message, and then the details where they say something else. A record as text has the
/// details alone, and of a web request that failed those are what the server said, without the status.
/// </summary>
internal static class ErrorMessage
{
    /// <summary>The text.</summary>
    public static string Compose(ErrorRecord error)
    {
        var (message, details) = (error.Exception?.Message.Trim() ?? "", error.ErrorDetails?.Message?.Trim() ?? "");
        if (details.Length == 0 || message.Contains(details, StringComparison.Ordinal))
            return message.Length > 0 ? error.Exception!.Message : error.ToString();
        return message.Length == 0 || details.StartsWith(message, StringComparison.Ordinal)
            ? error.ErrorDetails!.Message
            : $"{message}\n{details}";
    }
}
