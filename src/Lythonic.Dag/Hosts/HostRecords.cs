using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>Puts the name of the host in front of the text of stream records that code there wrote.</summary>
/// <param name="host">The name.</param>
internal sealed class HostRecords(string host)
{
    private bool _isMidLine;

    /// <summary>The record with the name of the host. An error already has it as its origin.</summary>
    public object Named(object record) => record switch
    {
        WarningRecord warning => new WarningRecord($"{host}: {warning.Message}"),
        VerboseRecord verbose => new VerboseRecord($"{host}: {verbose.Message}"),
        DebugRecord debug => new DebugRecord($"{host}: {debug.Message}"),
        InformationRecord information => Named(information),
        ProgressRecord progress => Named(progress),
        _ => record,
    };

    private InformationRecord Named(InformationRecord record)
    {
        var data = record.MessageData is HostInformationMessage message ? Named(message) : (object)$"{host}: {record.MessageData}";
        var named = new InformationRecord(data, record.Source);
        named.Tags.AddRange(record.Tags);
        named.TimeGenerated = record.TimeGenerated;
        named.Computer = host;
        named.User = record.User;
        return named;
    }

    // A line that is written in parts gets the name once.
    private HostInformationMessage Named(HostInformationMessage message)
    {
        var named = new HostInformationMessage
        {
            Message = _isMidLine ? message.Message : $"{host}: {message.Message}",
            NoNewLine = message.NoNewLine,
            ForegroundColor = message.ForegroundColor,
            BackgroundColor = message.BackgroundColor,
        };
        _isMidLine = message.NoNewLine == true;
        return named;
    }

    private ProgressRecord Named(ProgressRecord record) =>
        new(record.ActivityId, $"{host}: {record.Activity}", record.StatusDescription)
        {
            CurrentOperation = record.CurrentOperation,
            ParentActivityId = record.ParentActivityId,
            PercentComplete = record.PercentComplete,
            SecondsRemaining = record.SecondsRemaining,
            RecordType = record.RecordType,
        };
}
