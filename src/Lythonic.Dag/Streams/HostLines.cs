using System.Management.Automation;
using System.Management.Automation.Host;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Writes host output of nodes directly to the host, after the pipeline has stopped and its streams take nothing any more.
/// </summary>
internal sealed class HostLines(PSHostUserInterface host)
{
    /// <summary>Writes a record if it would be shown.</summary>
    public void Write(DagContext context, object? record)
    {
        switch (record)
        {
            case ErrorRecord error:
                host.WriteErrorLine(Labelled(error, $"[{NodePlaces.Of(context)}] "));
                break;
            case WarningRecord warning:
                host.WriteWarningLine($"[{NodePlaces.Of(context)}] {warning.Message}");
                break;
            case VerboseRecord verbose:
                host.WriteVerboseLine($"[{NodePlaces.Of(context)}] {verbose.Message}");
                break;
            case DebugRecord debug:
                host.WriteDebugLine($"[{NodePlaces.Of(context)}] {debug.Message}");
                break;
            case ShownInformation { Record: var shown }:
                host.WriteLine(shown.MessageData?.ToString() ?? "");
                break;
            case InformationRecord { MessageData: HostInformationMessage message }:
                Write(message);
                break;
        }
    }

    // Its text has the label already if several nodes run code.
    private static string Labelled(ErrorRecord error, string label) =>
        error.ToString().StartsWith(label, StringComparison.Ordinal) ? error.ToString() : label + ErrorMessage.Compose(error);

    private void Write(HostInformationMessage message)
    {
        if (message.NoNewLine == true)
            host.Write(message.Message);
        else
            host.WriteLine(message.Message);
    }
}
