using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;

namespace Lythonic.Dag.Commands;

/// <summary>Makes hosts for <c>-On</c>.</summary>
[Cmdlet(VerbsCommon.New, "DagHost", DefaultParameterSetName = SshSet)]
[OutputType(typeof(DagHost))]
public sealed class NewDagHostCommand : DagCmdlet
{
    private const string SshSet = "HostName";
    private const string CommandSet = "Command";
    private const string SessionSet = "Session";

    /// <summary>Machines to reach over SSH: names, or <c>user@host:port</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SshSet)]
    [AllowEmptyString]
    public string[] HostName { get; set; } = [];

    /// <summary>A program and its arguments, whose standard input and output speak PowerShell's remoting protocol.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CommandSet)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>Sessions to copy the connection settings from. The sessions themselves are not used.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SessionSet)]
    public PSSession[] Session { get; set; } = [];

    /// <summary>The user to log in as.</summary>
    [Parameter(ParameterSetName = SshSet)]
    public string? UserName { get; set; }

    /// <summary>The SSH port.</summary>
    [Parameter(ParameterSetName = SshSet)]
    [ValidateRange(1, 65_535)]
    public int Port { get; set; }

    /// <summary>The path of the private key file.</summary>
    [Parameter(ParameterSetName = SshSet)]
    public string? KeyFilePath { get; set; }

    /// <summary>The name of the SSH server's subsystem that starts PowerShell.</summary>
    [Parameter(ParameterSetName = SshSet)]
    public string? Subsystem { get; set; }

    /// <summary>Options for the ssh program, by name.</summary>
    [Parameter(ParameterSetName = SshSet)]
    public IDictionary? Options { get; set; }

    /// <summary>How many calls a host takes at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Slots { get; set; } = 1;

    /// <summary>How long it may take to connect: a timespan, or seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan]
    public TimeSpan? ConnectTimeout { get; set; }

    /// <summary>How long a connected host may be silent before it counts as lost: a timespan, or seconds.</summary>
    [Parameter(ParameterSetName = SshSet)]
    [SecondsTransformation]
    [ValidateSpan]
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>The name of the host in results and errors. Several hosts of one name are numbered.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        TransportLoader.Load();
        Write();
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Write()
    {
        var common = new HostDescription
        {
            Slots = Slots,
            ConnectTimeout = ConnectTimeout,
            Name = IsGiven(nameof(Name)) ? Name ?? "" : null,
        };
        var described = ParameterSetName switch
        {
            CommandSet => [common with { Command = Command }],
            SessionSet => Session.Select(session => common with { Session = session }),
            _ => HostName.Select(name => common with
            {
                HostName = name,
                UserName = UserName,
                Port = Port,
                KeyFilePath = KeyFilePath is { Length: > 0 } ? GetUnresolvedProviderPathFromPSPath(KeyFilePath) : KeyFilePath,
                Subsystem = Subsystem,
                Options = Options,
                KeepAlive = KeepAlive,
            }),
        };
        foreach (var host in HostDescription.Numbered([.. described.Select(description => description.ToSpec())]))
            WriteObject(new DagHost(host));
    }
}
