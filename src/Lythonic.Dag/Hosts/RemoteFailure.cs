using System.Management.Automation;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>Turns an error of code on a host into the failure of its node.</summary>
internal static class RemoteFailure
{
    /// <summary>The failure, with the record that came from there.</summary>
    /// <param name="error">The error.</param>
    /// <param name="code">The code that was called.</param>
    public static NodeFailure From(RemoteError error, ScriptBlockCode code)
    {
        var trace = UserLines(error.StackTrace ?? (error.Record is { } own ? ScriptTrace.Read(own) : null));
        var position = error.Position;
        var refusedBy = error.Record is { } refusal ? ErrorPosition.RefusedBy(refusal) : null;
        if (error.Record is { } record)
        {
            ScriptTrace.Show(record, trace);
            // If the code refuses an argument, the position is the line that calls it, which belongs to the module.
            var isModuleLine = ErrorPosition.IsModuleLine(record);
            ErrorPosition.ReplaceModuleLine(record, code.Body.ParamBlock?.Extent ?? code.Body.Extent);
            if (isModuleLine || position?.Contains(CallWriter.Function, StringComparison.Ordinal) == true)
                position = record.InvocationInfo?.PositionMessage;
        }

        var parts = new[] { error.Message, position, trace };
        return new NodeFailure(
            error.Message,
            string.Join('\n', parts.Where(part => !string.IsNullOrEmpty(part))),
            error.Record?.Exception,
            error.Record)
        {
            RefusedBy = refusedBy,
        };
    }

    /// <summary>Leaves the lines out of the trace of an error that are this module's own.</summary>
    public static void LeaveOutCaller(ErrorRecord record) => ScriptTrace.Show(record, UserLines(ScriptTrace.Read(record)));

    // The function that makes the calls on the host belongs to the module.
    private static string? UserLines(string? trace) => trace is null
        ? null
        : string.Join(
            '\n',
            trace.Split('\n')
                .Select(line => line.TrimEnd('\r'))
                .Where(line => !line.Contains(CallWriter.Function, StringComparison.Ordinal)));
}
