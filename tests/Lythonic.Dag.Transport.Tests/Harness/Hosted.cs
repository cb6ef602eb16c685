using System.Collections.Concurrent;
using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>Connects and calls as the module does. Public for the scripts of this project.</summary>
public static class Hosted
{
    /// <summary>Longer than a busy machine takes.</summary>
    public static TimeSpan Hang { get; } = TimeSpan.FromMinutes(2);

    /// <summary>A process of PowerShell on this machine.</summary>
    internal static HostEndpoint Process =>
        HostEndpoint.To(new HostCommand([.. Pwsh.Words, "-s", "-NoLogo", "-NoProfile"])) with { Name = "process", ConnectTimeout = Hang };

    /// <summary>Connects to a host that must be reachable.</summary>
    public static async Task<HostConnection> ConnectAsync(HostEndpoint endpoint, SilentHost? host = null)
    {
        var opening = await OpenAsync(endpoint, host);
        Assert.True(opening.Loss is null, opening.Loss?.ToString());
        return opening.Connection!;
    }

    public static Task<HostOpening> OpenAsync(
        HostEndpoint endpoint, SilentHost? host = null, CancellationToken cancellationToken = default) =>
        HostConnection.OpenAsync(endpoint, host ?? new SilentHost(), new PowerShellValueAdapter(), cancellationToken);

    /// <summary>A call.</summary>
    public static RemoteCall Call(string text, params (string Name, object? Value)[] arguments) => new(new RemoteScript(text))
    {
        Context = new DagContext(),
        Arguments = arguments.ToDictionary(argument => argument.Name, argument => argument.Value),
    };

    /// <summary>Connects over SSH, for the script that measures.</summary>
    public static Task<HostConnection> OpenSsh(string folder, int port) => ConnectAsync(HostEndpoint.To(Sshd.HostOf(folder, port)));

    /// <summary>Makes a call with one argument, <c>v</c>, for the script that measures.</summary>
    public static async Task<object?> Run(HostConnection connection, string text, object? value)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return (await connection.InvokeAsync(Call(text, ("v", value)), CancellationToken.None)).Value;
    }

    /// <summary>
    /// A call that writes a warning with its process id when it has begun, and a task that completes when the warning has come.
    /// </summary>
    public static (RemoteCall Call, Task<int> Begun) Saying(string text, string before = "")
    {
        var begun = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = Call($"{before}Write-Warning $PID; {text}") with
        {
            OnRecord = record =>
            {
                if (record is WarningRecord warning)
                    begun.TrySetResult(int.Parse(warning.Message, System.Globalization.CultureInfo.InvariantCulture));
            },
        };
        return (call, begun.Task);
    }

    /// <summary>The output of a call that completes.</summary>
    public static async Task<object?> OutputAsync(this HostConnection connection, RemoteCall call)
    {
        var result = await connection.InvokeAsync(call, CancellationToken.None);
        Assert.True(result.Kind == RemoteOutcomeKind.Completed,
            $"{result.Kind}: {result.Error?.Message} {result.Error?.Position} {result.Loss}");
        return result.Value;
    }
}
