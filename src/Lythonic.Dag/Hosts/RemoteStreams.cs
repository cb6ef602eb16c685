using System.Management.Automation;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Passes what code on a host writes to its call. An information record that is shown there comes twice: from its stream, and then as text
/// that the code writes to its host.
/// </summary>
internal sealed class RemoteStreams
{
    private const string HostTag = "PSHOST";

    /// <summary>How long a record waits for its echo, which comes right after it.</summary>
    private static readonly TimeSpan EchoLag = TimeSpan.FromMilliseconds(100);

    private readonly ScriptCall _call;
    private volatile string? _echo;

    /// <summary>Begins to pass the streams of a call.</summary>
    public RemoteStreams(ScriptCall call)
    {
        _call = call;
        call.IsEcho = IsEcho;
    }

    /// <summary>Passes a record of a stream on.</summary>
    public void Pass(object record)
    {
        if (record is not InformationRecord information)
        {
            if (record is ErrorRecord error)
                RemoteFailure.LeaveOutCaller(error);
            _call.Say(record);
            return;
        }

        _echo = information.MessageData?.ToString() ?? "";
        if (information.Tags.Contains(HostTag))
        {
            _call.Say(WithMessage(information));
            return;
        }

        _call.Hold(information);
        _ = SettleSoonAsync(information);
    }

    private async Task SettleSoonAsync(InformationRecord record)
    {
        await Task.Delay(EchoLag).ConfigureAwait(false);
        _call.Settle(record);
    }

    private bool IsEcho(string text)
    {
        var isEcho = text == _echo;
        _echo = null;
        return isEcho;
    }

    // Remoting brings the message of Write-Host as a property bag, without its colours and without whether the line ends.
    private static InformationRecord WithMessage(InformationRecord record)
    {
        if (record.MessageData is not PSObject bag)
            return record;
        var message = new HostInformationMessage
        {
            Message = $"{bag.Properties["Message"]?.Value ?? bag}",
            NoNewLine = bag.Properties["NoNewLine"]?.Value is true,
            ForegroundColor = ColourOf(bag.Properties["ForegroundColor"]?.Value),
            BackgroundColor = ColourOf(bag.Properties["BackgroundColor"]?.Value),
        };
        var made = new InformationRecord(message, record.Source);
        made.Tags.AddRange(record.Tags);
        return made;
    }

    private static ConsoleColor? ColourOf(object? value) =>
        value is not null && LanguagePrimitives.TryConvertTo<ConsoleColor>(value, out var colour) ? colour : null;
}
