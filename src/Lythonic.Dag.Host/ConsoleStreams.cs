using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Lythonic.Dag.Host;

/// <summary>Brings a script's streams to the console as they come.</summary>
internal static class ConsoleStreams
{
    /// <summary>Attaches the streams of a pipeline.</summary>
    public static void Attach(PowerShell shell, PSHost host)
    {
        Listen(shell.Streams.Error, WriteError);
        Listen(shell.Streams.Warning, record => host.UI.WriteWarningLine(record.Message));
        Listen(shell.Streams.Verbose, record => host.UI.WriteVerboseLine(record.Message));
        Listen(shell.Streams.Debug, record => host.UI.WriteDebugLine(record.Message));
    }

    /// <summary>Writes what a script gave and has not been written yet.</summary>
    public static void WriteOutput(PSDataCollection<PSObject> output)
    {
        foreach (var item in output.ReadAll())
            Console.Out.WriteLine(Text(item));
    }

    /// <summary>Writes an error with its place.</summary>
    public static void WriteError(ErrorRecord error)
    {
        Console.Error.WriteLine($"ERROR: {error.ErrorDetails?.Message ?? error.Exception.Message}");
        if (error.InvocationInfo?.PositionMessage is { Length: > 0 } position)
            Console.Error.WriteLine(position);
        if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } action)
            Console.Error.WriteLine($"  {action}");
    }

    // There is no Format-Table here, which a host with more of PowerShell has: an object is its properties, one a line.
    private static string Text(PSObject? item)
    {
        if (item is null)
            return "";
        if (item.BaseObject is string or ValueType)
            return item.ToString();
        if (item.BaseObject is IDictionary dictionary)
            return string.Join(Environment.NewLine, dictionary.Keys.Cast<object>().Select(key => $"{key} : {dictionary[key]}"));
        return item.BaseObject is PSCustomObject
            ? string.Join(Environment.NewLine, item.Properties.Select(property => $"{property.Name} : {property.Value}"))
            : item.ToString();
    }

    private static void Listen<T>(PSDataCollection<T> stream, Action<T> write) =>
        stream.DataAdded += (_, _) =>
        {
            foreach (var record in stream.ReadAll())
                write(record);
        };
}
