using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>Hands what a worker's pipeline writes to the call that wrote it, at once and in order.</summary>
internal static class WorkerStreams
{
    /// <summary>Listens to streams.</summary>
    /// <param name="streams">The streams of the worker's pipeline.</param>
    /// <param name="current">The call that is being made, or <see langword="null"/>.</param>
    public static void Listen(PSDataStreams streams, Func<CallFrame?> current)
    {
        Forward(streams.Error, current);
        Forward(streams.Warning, current);
        Forward(streams.Verbose, current);
        Forward(streams.Debug, current);
        streams.Information.DataAdded += (_, _) =>
        {
            foreach (var record in streams.Information.ReadAll())
                Take(record, current());
        };
        Forward(streams.Progress, current);
    }

    // What Write-Host writes is shown in any case.
    private static void Take(InformationRecord record, CallFrame? frame)
    {
        if (record.Tags.Contains("PSHOST"))
            frame?.Say(record);
        else
            frame?.Hold(record);
    }

    private static void Forward<T>(PSDataCollection<T> stream, Func<CallFrame?> current)
        where T : class =>
        stream.DataAdded += (_, _) =>
        {
            foreach (var record in stream.ReadAll())
                current()?.Say(record);
        };
}
