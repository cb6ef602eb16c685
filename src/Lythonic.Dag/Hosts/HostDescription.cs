using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Transport;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>What a user says about a host. This class names types of the transport, which must be loaded before.</summary>
internal sealed record HostDescription
{
    private const string ProcessName = "process";

    // A connection has no value to compare. Nodes that name one session share what is made of it.
    private static readonly ConditionalWeakTable<Runspace, HostEndpoint> OfSessions = [];

    /// <summary>The name of a machine, as <c>user@host:port</c> too; or <see langword="null"/>.</summary>
    public string? HostName { get; init; }

    /// <summary>A command line, or <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>A session whose connection is taken as the pattern, or <see langword="null"/>.</summary>
    public PSSession? Session { get; init; }

    /// <summary>The name of the user there; <see langword="null"/> leaves it to ssh.</summary>
    public string? UserName { get; init; }

    /// <summary>The port; 0 leaves it to ssh.</summary>
    public int Port { get; init; }

    /// <summary>The file of the private key.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The subsystem of the server that is PowerShell.</summary>
    public string? Subsystem { get; init; }

    /// <summary>Options of ssh's own.</summary>
    public IDictionary? Options { get; init; }

    /// <summary>How many calls it takes at once.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>How long it may take to connect; <see langword="null"/> for the default of its kind.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>The time without a sign of life after which it is given up.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>The name in results and errors, or <see langword="null"/> for the default of its kind.</summary>
    public string? Name { get; init; }

    /// <summary>Processes of their own on this machine, as many at once as it has processors.</summary>
    public static HostSpec Process(string home) =>
        new(ProcessName, Environment.ProcessorCount, HostEndpoint.Process(home)) { IsElsewhere = false };

    /// <summary>The host.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: a part could be taken for something else.</exception>
    public HostSpec ToSpec()
    {
        var endpoint = Command is not null ? OfCommand(Command) : Session is not null ? OfSession(Session) : HostEndpoint.To(ToSshHost());
        if (Name is not null)
            endpoint = endpoint with { Name = HostText.CheckName("name of a host", Name) };
        if (ConnectTimeout is { } limit)
            endpoint = endpoint with { ConnectTimeout = limit };
        return new(endpoint.Name, Slots, endpoint) { IsCluster = Command is not null && Slots > 1 };
    }

    /// <summary>Makes the names of hosts unique: if several have one name, each gets a number.</summary>
    public static IReadOnlyList<HostSpec> Numbered(IReadOnlyList<HostSpec> hosts)
    {
        var count = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in hosts)
            count[host.Name] = count.GetValueOrDefault(host.Name) + 1;
        var taken = new HashSet<string>(count.Where(name => name.Value == 1).Select(name => name.Key), StringComparer.OrdinalIgnoreCase);
        var next = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return [.. hosts.Select(host => count[host.Name] == 1 ? host : Renamed(host, Free(host.Name)))];

        string Free(string name)
        {
            var numbered = name;
            while (numbered == name || !taken.Add(numbered))
                numbered = $"{name}-{(next[name] = next.GetValueOrDefault(name) + 1).ToString(CultureInfo.InvariantCulture)}";
            return numbered;
        }
    }

    private static HostSpec Renamed(HostSpec host, string name) =>
        host with { Name = name, Endpoint = (HostEndpoint)host.Endpoint with { Name = name } };

    private SshHost ToSshHost()
    {
        var parsed = SshHost.Parse(HostName ?? "");
        return parsed with
        {
            UserName = UserName ?? parsed.UserName,
            Port = Port == 0 ? parsed.Port : Port,
            KeyFilePath = KeyFilePath,
            Subsystem = Subsystem ?? parsed.Subsystem,
            Options = Texts(Options),
            ConnectTimeout = ConnectTimeout ?? parsed.ConnectTimeout,
            KeepAlive = KeepAlive ?? parsed.KeepAlive,
        };
    }

    // A job may wait in the queue of a cluster for hours. A command that cannot connect ends, and that is noticed.
    private static HostEndpoint OfCommand(IReadOnlyList<string> command) =>
        HostEndpoint.To(new HostCommand(command)) with { ConnectTimeout = Timeout.InfiniteTimeSpan };

    private static HostEndpoint OfSession(PSSession session) => OfSessions.GetValue(
        session.Runspace,
        runspace => HostEndpoint.To(runspace.ConnectionInfo ?? throw new DagException(
            DagErrorId.DagNameInvalid,
            $"The session '{session.Name}' has no connection that another one could copy.",
            session.Name,
            "Give a session that New-PSSession made.")));

    private static Dictionary<string, string> Texts(IDictionary? options)
    {
        var texts = new Dictionary<string, string>();
        foreach (DictionaryEntry option in options ?? new Hashtable())
            texts[$"{option.Key}"] = TextOf(option.Value);
        return texts;
    }

    private static string TextOf(object? value) => PSWrapper.Unwrap(value) switch
    {
        bool flag => flag ? "yes" : "no",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
