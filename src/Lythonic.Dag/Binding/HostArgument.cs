using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Reads the argument of <c>-On</c>: a name, a hashtable, a host, a session, <c>Process</c>, a list of these, or a scriptblock that returns
/// them.
/// </summary>
internal static class HostArgument
{
    private const string ProcessWord = "Process";

    private const string Advice =
        "Give a name such as 'ops@web1', what New-DagHost made, a PSSession, @{ HostName = … } or @{ Command = … }, several of these, "
            + "Process, or a scriptblock that returns them.";

    private static readonly string[] Kinds = ["HostName", "Command", "Session"];

    private static readonly string[] Keys =
    [
        "HostName", "Command", "Session", "UserName", "Port", "KeyFilePath", "Subsystem", "Options", "Slots", "ConnectTimeout", "KeepAlive",
        "Name",
    ];

    /// <summary>Reads the hosts of a node.</summary>
    /// <param name="cmdlet">The cmdlet that adds the node.</param>
    /// <param name="node">The node's label.</param>
    /// <param name="given">The argument.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: the argument names no host.</exception>
    public static NodeHosts Read(PSCmdlet cmdlet, string node, object? given)
    {
        TransportLoader.Load();
        var home = HomeOf(cmdlet);
        var of = $"-On of node '{node}'";
        return PSWrapper.Unwrap(given) is ScriptBlock script
            ? NodeHosts.ChosenBy(
                new NodePredicate(CodeResolver.FromScript(cmdlet, script)),
                value => Parse($"The scriptblock of {of} returned", value, home))
            : NodeHosts.Of(Parse($"{of} has", given, home));
    }

    /// <summary>The folder of the running PowerShell, <c>$PSHOME</c>.</summary>
    public static string HomeOf(PSCmdlet cmdlet) => $"{cmdlet.SessionState.PSVariable.GetValue("PSHOME")}";

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<HostSpec> Parse(string where, object? given, string home)
    {
        var hosts = new List<HostSpec>();
        try
        {
            Add(where, given, home, hosts);
        }
        catch (DagException error) when (!error.Message.StartsWith(where, StringComparison.Ordinal))
        {
            throw new DagException(
                error.Id, $"{where} a host that cannot be used. {error.Message}", error.Target, error.RecommendedAction, error);
        }

        return hosts.Count > 0 ? HostDescription.Numbered(hosts) : throw Unusable(where, null);
    }

    private static void Add(string where, object? given, string home, List<HostSpec> hosts)
    {
        switch (PSWrapper.Unwrap(given))
        {
            case null:
                throw Unusable(where, null);
            case string text when text.Equals(ProcessWord, StringComparison.OrdinalIgnoreCase):
                hosts.Add(HostDescription.Process(home));
                break;
            case string text:
                hosts.Add(new HostDescription { HostName = text }.ToSpec());
                break;
            case IPAddress address:
                hosts.Add(new HostDescription { HostName = address.ToString() }.ToSpec());
                break;
            case DagHost host:
                hosts.Add(host.Spec);
                break;
            case PSSession session:
                hosts.Add(new HostDescription { Session = session }.ToSpec());
                break;
            case IDictionary table:
                hosts.Add(OfTable(where, table).ToSpec());
                break;
            case IEnumerable list and not ScriptBlock:
                foreach (var item in list)
                    Add(where, item, home, hosts);
                break;
            case var other:
                throw Unusable(where, other);
        }
    }

    private static HostDescription OfTable(string where, IDictionary table)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            if (!Keys.Contains($"{entry.Key}", StringComparer.OrdinalIgnoreCase))
                throw Unusable($"{where} a table with the key '{entry.Key}'; keys are {string.Join(", ", Keys)}.");
            values[$"{entry.Key}"] = PSWrapper.Unwrap(entry.Value);
        }

        if (Kinds.Count(kind => values.GetValueOrDefault(kind) is not null) != 1)
            throw Unusable($"{where} a table that must have one of the keys HostName, Command and Session.");
        T? Get<T>(string key) => values.TryGetValue(key, out var value) ? Converted<T>(where, key, value) : default;
        return new HostDescription
        {
            HostName = Get<string>("HostName"),
            Command = Get<string[]>("Command"),
            Session = Get<PSSession>("Session"),
            UserName = Get<string>("UserName"),
            Port = Get<int>("Port"),
            KeyFilePath = Get<string>("KeyFilePath"),
            Subsystem = Get<string>("Subsystem"),
            Options = Get<IDictionary>("Options"),
            Slots = values.ContainsKey("Slots") ? Slots(where, Get<int>("Slots")) : 1,
            ConnectTimeout = Span(where, "ConnectTimeout", values),
            KeepAlive = Span(where, "KeepAlive", values),
            Name = Get<string>("Name"),
        };
    }

    private static int Slots(string where, int slots) =>
        slots > 0 ? slots : throw Unusable($"{where} a host with {slots} slots, but a host has at least one.");

    private static TimeSpan? Span(string where, string key, Dictionary<string, object?> values)
    {
        if (!values.TryGetValue(key, out var value))
            return null;
        var span = value is IConvertible number and not string
            ? TimeSpan.FromSeconds(number.ToDouble(null))
            : Converted<TimeSpan>(where, key, value);
        return span > TimeSpan.Zero ? span : throw Unusable($"{where} a table whose {key} is {span}: it must be more than zero.");
    }

    private static T? Converted<T>(string where, string key, object? value) =>
        LanguagePrimitives.TryConvertTo<T>(value, System.Globalization.CultureInfo.InvariantCulture, out var converted)
            ? converted
            : throw Unusable($"{where} a table whose {key} is no {typeof(T).Name}.");

    private static DagException Unusable(string where, object? given) =>
        Unusable(given is null ? $"{where} no host." : $"{where} a {given.GetType()}, which is no host.");

    private static DagException Unusable(string message) => new(DagErrorId.DagNameInvalid, $"{message} {Advice}", null, Advice);
}
