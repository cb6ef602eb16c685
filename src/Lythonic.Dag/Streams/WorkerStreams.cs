using System.Management.Automation;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>Passes what a worker's pipeline writes to the current call, at once and in order.</summary>
internal static class WorkerStreams
{
    /// <summary>Listens to streams.</summary>
    /// <param name="streams">The streams of the worker's pipeline.</param>
    /// <param name="current">The call that is being made, or <see langword="null"/>.</param>
    public static void Listen(PSDataStreams streams, Func<ScriptCall?> current)
    {
        Forward(streams.Error, current);
        Forward(streams.Warning, current);
        Forward(streams.Verbose, current);
        Forward(streams.Debug, current);
        streams.Information.DataAdded += (_, _) =>
        {
            foreach (var record in streams.Information.ReadAll())
                Forward(record, current());
        };
        Forward(streams.Progress, current);
    }

    // Write-Host output is always shown.
    private static void Forward(InformationRecord record, ScriptCall? call)
    {
        if (record.Tags.Contains("PSHOST"))
            call?.Say(record);
        else
            call?.Hold(record);
    }

    private static void Forward<T>(PSDataCollection<T> stream, Func<ScriptCall?> current)
        where T : class =>
        stream.DataAdded += (_, _) =>
        {
            foreach (var record in stream.ReadAll())
                current()?.Say(record);
        };
}
