using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>Hands what a worker's pipeline writes to the call that wrote it, at once and in order.</summary>
internal static class WorkerStreams
{
    /// <summary>Listens to streams.</summary>
    /// <param name="streams">The streams of the worker's pipeline.</param>
    /// <param name="current">The call that is being made, or <see langword="null"/>.</param>
    public static void Listen(PSDataStreams streams, Func<NodeCall?> current)
    {
        Forward(streams.Error, "error", record => record.ToString(), current, keep: true, ErrorPlace.Mend);
        Forward(streams.Warning, "warning", record => record.Message, current);
        Forward(streams.Verbose, "verbose", record => record.Message, current);
        Forward(streams.Debug, "debug", record => record.Message, current);
        Forward(streams.Information, "information", record => record.MessageData?.ToString() ?? "", current);
        Forward(streams.Progress, "progress", record => record.StatusDescription, current, keep: false);
    }

    private static void Forward<T>(
        PSDataCollection<T> stream, string name, Func<T, string> text, Func<NodeCall?> current, bool keep = true, Func<T, IScriptExtent, T>? mend = null) =>
        stream.DataAdded += (_, _) =>
        {
            foreach (var record in stream.ReadAll())
            {
                if (current() is not { } call)
                    continue;
                var mended = mend is not null && call.Code is ScriptBlockCode code ? mend(record, code.Body.Extent) : record;
                call.Say(new NodeMessage(name, text(mended), DateTimeOffset.UtcNow), mended, keep);
            }
        };
}
