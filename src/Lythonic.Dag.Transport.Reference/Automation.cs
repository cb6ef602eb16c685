using System.Collections;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace System.Management.Automation;

public class RuntimeException : SystemException
{
    public RuntimeException(string? message) => throw null!;

    public virtual ErrorRecord ErrorRecord => throw null!;
}

public class RemoteException : RuntimeException
{
    private RemoteException()
        : base(null) => throw null!;

    public PSObject? SerializedRemoteException => throw null!;
}

public class ErrorRecord
{
    public Exception Exception => throw null!;
}

public class PSObject
{
    public object BaseObject => throw null!;
}

public sealed class PSCredential
{
    public PSCredential(string userName, Security.SecureString password) => throw null!;

    public string UserName => throw null!;

    public Security.SecureString Password => throw null!;
}

public class PSDataCollection<T> : IEnumerable
{
    public event EventHandler<DataAddedEventArgs>? DataAdded;

    public Collections.ObjectModel.Collection<T> ReadAll() => throw null!;

    public void Complete() => throw null!;

    public IEnumerator GetEnumerator() => throw null!;
}

public sealed class DataAddedEventArgs : EventArgs
{
}

public sealed class PSDataStreams
{
    public PSDataCollection<ErrorRecord> Error => throw null!;

    public PSDataCollection<ProgressRecord> Progress => throw null!;

    public PSDataCollection<VerboseRecord> Verbose => throw null!;

    public PSDataCollection<DebugRecord> Debug => throw null!;

    public PSDataCollection<WarningRecord> Warning => throw null!;

    public PSDataCollection<InformationRecord> Information => throw null!;
}

public class ProgressRecord
{
}

public abstract class InformationalRecord
{
}

public class VerboseRecord : InformationalRecord
{
}

public class DebugRecord : InformationalRecord
{
}

public class WarningRecord : InformationalRecord
{
}

public class InformationRecord
{
}

public class PSEventArgs : EventArgs
{
    public string SourceIdentifier => throw null!;

    public object[] SourceArgs => throw null!;
}

public delegate void PSEventReceivedEventHandler(object sender, PSEventArgs e);

public class PSEventArgsCollection
{
    public event PSEventReceivedEventHandler? PSEventReceived;

    public int Count => throw null!;

    public object SyncRoot => throw null!;

    public PSEventArgs this[int index] => throw null!;

    public void RemoveAt(int index) => throw null!;
}

public abstract class PSEventManager
{
    internal PSEventManager() => throw null!;

    public PSEventArgsCollection ReceivedEvents => throw null!;
}

public enum PSInvocationState
{
    NotStarted = 0,
    Running = 1,
    Stopping = 2,
    Stopped = 3,
    Completed = 4,
    Failed = 5,
    Disconnected = 6,
}

public sealed class PSInvocationStateInfo
{
    public PSInvocationState State => throw null!;

    public Exception? Reason => throw null!;
}

public sealed class PSInvocationStateChangedEventArgs : EventArgs
{
    public PSInvocationStateInfo InvocationStateInfo => throw null!;
}

[Flags]
public enum RemoteStreamOptions
{
    AddInvocationInfoToErrorRecord = 1,
    AddInvocationInfo = 15,
}

public sealed class PSInvocationSettings
{
    public RemoteStreamOptions RemoteStreamOptions { get => throw null!; set => throw null!; }
}

public sealed class PowerShell : IDisposable
{
    public event EventHandler<PSInvocationStateChangedEventArgs>? InvocationStateChanged;

    public Runspace Runspace { get => throw null!; set => throw null!; }

    public PSDataStreams Streams => throw null!;

    public PSInvocationStateInfo InvocationStateInfo => throw null!;

    public static PowerShell Create() => throw null!;

    public PowerShell AddScript(string script, bool useLocalScope) => throw null!;

    public PowerShell AddCommand(string cmdlet) => throw null!;

    public PowerShell AddParameter(string parameterName, object? value) => throw null!;

    public IAsyncResult BeginInvoke<TInput, TOutput>(
        PSDataCollection<TInput>? input, PSDataCollection<TOutput> output, PSInvocationSettings settings, AsyncCallback? callback,
            object? state) => throw null!;

    public IAsyncResult BeginStop(AsyncCallback? callback, object? state) => throw null!;

    public void Dispose() => throw null!;
}
