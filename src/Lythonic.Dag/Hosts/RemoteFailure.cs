using System.Management.Automation;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>Turns an error of code on a host into the failure of its node.</summary>
internal static class RemoteFailure
{
    /// <summary>The failure, with the record that came from there.</summary>
    public static NodeFailure Of(RemoteError error)
    {
        var trace = UserLines(error.StackTrace ?? (error.Record is { } own ? ScriptTrace.Read(own) : null));
        if (error.Record is { } record)
            ScriptTrace.Show(record, trace);
        var parts = new[] { error.Message, error.Position, trace };
        return new NodeFailure(
            error.Message,
            string.Join('\n', parts.Where(part => !string.IsNullOrEmpty(part))),
            error.Record?.Exception,
            error.Record);
    }

    // The function that makes calls over there is the module's.
    private static string? UserLines(string? trace) => trace is null
        ? null
        : string.Join(
            '\n',
            trace.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !line.Contains(CallWriter.Function, StringComparison.Ordinal)));
}
