using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Values;
using Lythonic.Dag.Remote;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Transport;

/// <summary>An open connection to a host. It makes one call at a time.</summary>
public sealed class HostConnection : IAsyncDisposable
{
    /// <summary>How long a call that was told to stop may take before its connection is given up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long after the loss of a host its pipeline may end.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(250);

    private readonly Runspace _runspace;
    private readonly HostProcess? _process;
    private readonly HostLossWatch _watch;
    private readonly CallWriter _writer;
    private volatile CallsTogether? _together;
    private int _group;

    private HostConnection(HostEndpoint endpoint, PSHost host, IValueAdapter adapter)
    {
        Name = endpoint.Name;
        _writer = new CallWriter(endpoint.Name, adapter);
        _process = endpoint.Command is { } command ? new HostProcess(endpoint.Name, command) : null;
        _runspace = RunspaceFactory.CreateRunspace(
            host, _process is null ? endpoint.Connection! : new HostConnectionInfo(endpoint.Name, _process));
        _watch = new HostLossWatch(endpoint.Name, _runspace, _process);
        _runspace.Events.ReceivedEvents.PSEventReceived += OnEvent;
    }

    /// <summary>The name of the host.</summary>
    public string Name { get; }

    /// <summary>Completes when the host is lost.</summary>
    public Task<HostLoss> Lost => _watch.Lost;

    /// <summary>The id of the client program; 0 if there is none.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>Why scriptblocks cannot be called there, such as on a constrained endpoint; <see langword="null"/> if they can.</summary>
    public RemoteError? WhyNoScripts { get; private set; }

    /// <summary>Connects.</summary>
    /// <param name="endpoint">The host to connect to.</param>
    /// <param name="host">Gets what code there writes to its PowerShell host.</param>
    /// <param name="adapter">What PowerShell adds to the codec of values.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <returns>The connection, or why there is none. A host that cannot be reached is a value, not an exception.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    internal static async Task<HostOpening> OpenAsync(
        HostEndpoint endpoint, PSHost host, IValueAdapter adapter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(adapter);
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new HostConnection(endpoint, host, adapter);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(endpoint.ConnectTimeout);
        try
        {
            if (await connection.BeginAsync(limit.Token).ConfigureAwait(false) is not { } loss)
                return new HostOpening(connection, null);
            await connection.DisposeAsync().ConfigureAwait(false);
            return new HostOpening(null, loss);
        }
        catch (OperationCanceledException)
        {
            var words = connection._process?.Words ?? "";
            await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return new HostOpening(
                null, new HostLoss(endpoint.Name, $"it did not answer within {endpoint.ConnectTimeout.TotalSeconds:0.#} s", words));
        }
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops the code there; what has not stopped after two seconds is given up with its
    /// connection.</param>
    /// <returns>How it ended, as a value.</returns>
    /// <exception cref="ValueNotStorableException">A value of the call cannot travel; nothing was sent.</exception>
    public async Task<RemoteResult> InvokeAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (WhyNoScripts is { } why)
            return new RemoteResult(RemoteOutcomeKind.Failed) { Error = why };
        var parcel = _writer.Write(call);
        var result = await RunAsync(
            shell => shell.AddCommand(CallWriter.Function).AddParameter(CallWriter.Parcel, parcel),
            call.OnRecord,
            _writer.Read,
            answers: true,
            cancellationToken).ConfigureAwait(false);
        // A call in a runspace that was ended ends at once, and has not run.
        if (result.Kind == RemoteOutcomeKind.Ended)
            _watch.GiveUp("the code ended its runspace");
        if (result.IsAnswered)
            _writer.Sent(call);
        _writer.Forget();
        return result;
    }

    /// <summary>
    /// Makes calls one after the other, which are sent together. One that does not complete is the last.
    /// </summary>
    /// <param name="calls">The calls.</param>
    /// <param name="limit">The time after which no more of them begin.</param>
    /// <param name="listener">Is told of them.</param>
    /// <param name="cancellationToken">Stops the call that is under way, and with it all.</param>
    /// <returns>How the last call that began ended, if it did not complete; <see langword="null"/> if all that began completed.</returns>
    /// <exception cref="ValueNotStorableException">A value of the first call cannot travel; nothing was sent.</exception>
    public async Task<RemoteResult?> InvokeTogetherAsync(
        IReadOnlyList<RemoteCall> calls, TimeSpan limit, TogetherListener listener, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(listener);
        var together = new CallsTogether(_writer, calls, listener);
        var group = Interlocked.Increment(ref _group);
        _together = together;
        var result = await RunAsync(
            shell => shell.AddCommand(CallWriter.Together)
                .AddParameter(CallWriter.Parcel, together.Parcels)
                .AddParameter(CallWriter.Limit, limit.TotalMilliseconds)
                .AddParameter(CallWriter.Group, group),
            together.OnRecord,
            together.Read,
            answers: true,
            cancellationToken,
            together.TryRead).ConfigureAwait(false);
        _together = null;
        _writer.Forget();
        if (result.Kind == RemoteOutcomeKind.Ended)
            _watch.GiveUp("the code ended its runspace");
        return result.Kind == RemoteOutcomeKind.Completed ? null : result;
    }

    /// <summary>
    /// Calls a command by its name, as a constrained endpoint allows; its values travel as PowerShell's remoting sends them.
    /// </summary>
    /// <param name="name">The command.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="onRecord">Takes records of the streams, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<RemoteResult> InvokeCommandAsync(
        string name, IReadOnlyDictionary<string, object?> parameters, Action<object>? onRecord, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return RunAsync(
            shell =>
            {
                shell.AddCommand(name);
                foreach (var (parameter, value) in parameters)
                    shell.AddParameter(parameter, value);
            },
            onRecord,
            CallWriter.ReadPlain,
            answers: false,
            cancellationToken);
    }

    /// <summary>Closes the connection. Its client program ends within two seconds, even if nobody waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Close();
        if (_process is null)
            return;
        try
        {
            await _process.Lost.WaitAsync(Grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill("it was closed");
        }
    }

    private async Task<HostLoss?> BeginAsync(CancellationToken cancellationToken)
    {
        // Starting a program and sending the first message are usually quick, but not always.
        OwnThread.Start("Lythonic.Dag host open", _runspace.OpenAsync);
        if (await Task.WhenAny(_watch.Opened, Lost).WaitAsync(cancellationToken).ConfigureAwait(false) != _watch.Opened)
            return await Lost.ConfigureAwait(false);
        var prepared = await RunAsync(_writer.Prepare, null, CallWriter.ReadPlain, answers: false, cancellationToken)
            .ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        // A constrained endpoint runs only commands.
        WhyNoScripts = prepared.Error;
        return prepared.Loss;
    }

    private async Task<RemoteResult> RunAsync(
        Action<PowerShell> build, Action<object>? onRecord, Func<PipelineEnd, RemoteResult> read, bool answers,
        CancellationToken cancellationToken, Func<PSObject, bool>? takes = null)
    {
        if (Lost.IsCompleted)
            return Unreachable(await Lost.ConfigureAwait(false));
        var pipeline = new RemotePipeline(_runspace, build, answers, onRecord, takes);
        try
        {
            var end = pipeline.RunAsync();
            await Task.WhenAny(end, Lost, Cancelled(cancellationToken, out var registration)).ConfigureAwait(false);
            await registration.DisposeAsync().ConfigureAwait(false);
            return cancellationToken.IsCancellationRequested && !end.IsCompleted
                ? await StopAsync(pipeline, end).ConfigureAwait(false)
                : await EndAsync(end, read, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            pipeline.Leave();
        }
    }

    private async Task<RemoteResult> EndAsync(
        Task<PipelineEnd> end, Func<PipelineEnd, RemoteResult> read, CancellationToken cancellationToken)
    {
        // PowerShell reports that a pipeline failed before it is known how the program ended.
        var seen = end.IsCompletedSuccessfully ? end.Result : null;
        if (seen is { State: PSInvocationState.Completed })
            return read(seen);
        if (seen is { Reason: RemoteException })
            return read(seen);
        var loss = await _watch.AfterAsync(seen?.Reason, Grace).ConfigureAwait(false);
        // What came before the loss is still on its way through PowerShell.
        if (seen is null)
            await Task.WhenAny(end, Task.Delay(Lag, CancellationToken.None)).ConfigureAwait(false);
        if (_watch.WasExited)
            return new RemoteResult(RemoteOutcomeKind.Ended);
        return cancellationToken.IsCancellationRequested ? new RemoteResult(RemoteOutcomeKind.Stopped) : Unreachable(loss);
    }

    private async Task<RemoteResult> StopAsync(RemotePipeline pipeline, Task<PipelineEnd> end)
    {
        pipeline.Stop();
        try
        {
            await Task.WhenAny(end, Lost).WaitAsync(Grace).ConfigureAwait(false);
            return new RemoteResult(RemoteOutcomeKind.Stopped) { IsAbandoned = !end.IsCompleted };
        }
        catch (TimeoutException)
        {
            _watch.GiveUp("its code did not stop");
            return new RemoteResult(RemoteOutcomeKind.Stopped) { IsAbandoned = true };
        }
    }

    // Takes an event of the far end about calls that are still under way.
    private void OnEvent(object sender, PSEventArgs said)
    {
        if (said.SourceIdentifier != HostEvent.Over || said.SourceArgs is not [var group, var begun])
            return;
        Forget(said);
        if (Unwrap(group) is int number && number == Volatile.Read(ref _group) && Unwrap(begun) is int count)
            _together?.NoteCut(count);
    }

    // PowerShell keeps each event until somebody takes it. Code on the host may forward events of its own, which stay.
    private void Forget(PSEventArgs said)
    {
        var received = _runspace.Events.ReceivedEvents;
        lock (received.SyncRoot)
        {
            for (var index = received.Count - 1; index >= 0; index--)
            {
                if (!ReferenceEquals(received[index], said))
                    continue;
                received.RemoveAt(index);
                return;
            }
        }
    }

    private static RemoteResult Unreachable(HostLoss loss) => new(RemoteOutcomeKind.Unreachable) { Loss = loss };

    private static Task Cancelled(CancellationToken cancellationToken, out CancellationTokenRegistration registration)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        registration = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled);
        return cancelled.Task;
    }
}
