using System.Management.Automation;

namespace Lythonic.Dag.Host;

/// <summary>Progress as one line at the foot of the console, never where output goes to a file or a pipe.</summary>
internal sealed class ProgressLine
{
    private readonly bool _enabled = !Console.IsOutputRedirected && !Console.IsErrorRedirected;
    private int _shown;

    /// <summary>Shows a record, or clears the line when it says that it is done.</summary>
    /// <param name="record">The record.</param>
    public void Show(ProgressRecord record)
    {
        if (!_enabled)
            return;
        Clear();
        if (record.RecordType == ProgressRecordType.Completed)
            return;
        var percent = record.PercentComplete < 0 ? "" : $" {record.PercentComplete}%";
        var text = $"{record.Activity}: {record.StatusDescription}{percent}";
        var width = Math.Max(Console.WindowWidth - 1, 20);
        text = text.Length > width ? text[..width] : text;
        Console.Error.Write(text);
        _shown = text.Length;
    }

    /// <summary>Takes the line away, so that output can go in its place.</summary>
    public void Clear()
    {
        if (_shown == 0)
            return;
        Console.Error.Write($"\r{new string(' ', _shown)}\r");
        _shown = 0;
    }
}
