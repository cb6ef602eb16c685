using System.Globalization;
using System.Net;

namespace Lythonic.Dag.Transport;

/// <summary>A machine that is reached over SSH, where PowerShell is a subsystem of its server.</summary>
/// <param name="HostName">The machine's name or address, or a name of ssh's own configuration.</param>
/// <param name="UserName">The user there; <see langword="null"/> leaves it to ssh.</param>
/// <param name="Port">The port; 0 leaves it to ssh.</param>
public sealed record SshHost(string HostName, string? UserName = null, int Port = 0)
{
    private const string NotInUsers = "'`\";&<>|(){}";
    private const string NotInHosts = NotInUsers + "$\\";

    /// <summary>The file of the private key; <see langword="null"/> leaves it to ssh.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The subsystem of the server that is PowerShell.</summary>
    public string Subsystem { get; init; } = "powershell";

    /// <summary>Options of ssh's own, by name.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it may take to connect.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The time without a sign of life after which the host is given up.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Reads <c>user@host:port</c>. User and port may be missing. A numeric IPv6 address is in brackets if a port follows.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: it is no such name.</exception>
    public static SshHost Parse(string text)
    {
        HostText.CheckName("host name", text);
        var at = text.LastIndexOf('@');
        if (at >= 0 && (at == 0 || at == text.Length - 1))
            throw HostText.Refuse("host name", text, at == 0 ? "has no user before its '@'" : "has no host after its '@'");
        var user = at < 0 ? null : CheckUser(text[..at]);
        var (host, port) = SplitPort(text, text[(at + 1)..]);
        return new SshHost(CheckHost(host), user, port);
    }

    /// <summary><c>user@host:port</c>, without the parts that are left to ssh.</summary>
    public override string ToString()
    {
        var host = Port > 0 && HostName.Contains(':', StringComparison.Ordinal) ? $"[{HostName}]" : HostName;
        return $"{(UserName is null ? "" : UserName + "@")}{host}{(Port > 0 ? $":{Port}" : "")}";
    }

    /// <summary>The command line that reaches the host. Nothing is ever asked, and host keys are checked as ssh is set up to.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: a part could be taken for something else.</exception>
    public HostCommand ToCommand()
    {
        CheckHost(HostName);
        List<string> words = ["ssh", "-o", "BatchMode=yes", .. KeepAliveWords(), "-o", $"ConnectTimeout={Seconds(ConnectTimeout)}"];
        foreach (var (name, value) in Options)
            words.AddRange(["-o", $"{CheckOption(name)}={HostText.CheckWord("value of the ssh option", value)}"]);
        if (Port is < 0 or > 65_535)
            throw HostText.Refuse("port", Port.ToString(CultureInfo.InvariantCulture), "is not between 1 and 65535");
        if (Port > 0)
            words.AddRange(["-p", Port.ToString(CultureInfo.InvariantCulture)]);
        if (KeyFilePath is { } key)
            words.AddRange(["-i", CheckPath(key)]);
        if (UserName is { } user)
            words.AddRange(["-l", CheckUser(user)]);
        // A call needs no agents, displays or tunnels. The first value of an option counts, so the options of the user above win.
        words.AddRange(["-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "ClearAllForwardings=yes", "-T"]);
        return new HostCommand([.. words, "-s", "--", HostName, HostText.CheckName("subsystem", Subsystem)]);
    }

    private static (string Host, int Port) SplitPort(string whole, string text)
    {
        var colon = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
                throw HostText.Refuse("host name", whole, "has a bracket that is not closed, or text after it");
            return (text[1..end], end + 1 == text.Length ? 0 : PortOf(whole, text[(end + 2)..]));
        }

        if (colon < 0)
            return (text, 0);
        if (text.IndexOf(':', StringComparison.Ordinal) == colon)
            return (text[..colon], PortOf(whole, text[(colon + 1)..]));
        // The name of a network interface may follow.
        return IPAddress.TryParse(text.Split('%')[0], out _)
            ? (text, 0)
            : throw HostText.Refuse("host name", whole, "has several colons and is no numeric IPv6 address");
    }

    private static string CheckHost(string host) => HostText.CheckAddress("host name", host, NotInHosts);

    private static string CheckUser(string user) => HostText.CheckAddress("user name", user, NotInUsers);

    private static int PortOf(string whole, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535
            ? port
            : throw HostText.Refuse("host name", whole, $"has the port '{text}', which is not between 1 and 65535");

    private static string CheckOption(string name) =>
        name.Length > 0 && name.All(char.IsAsciiLetterOrDigit)
            ? name
            : throw HostText.Refuse("ssh option", name, "is not a word of letters and digits");

    private static string CheckPath(string path) =>
        HostText.CheckWord("key file", path) is ['-', ..] or ""
            ? throw HostText.Refuse("key file", path, "is empty or begins with '-'")
            : path;

    private static string Seconds(TimeSpan span) =>
        ((int)Math.Clamp(Math.Ceiling(span.TotalSeconds), 1, int.MaxValue)).ToString(CultureInfo.InvariantCulture);

    // Ask for three signs of life within the time. ssh counts in whole seconds, and needs at least one.
    private IEnumerable<string> KeepAliveWords()
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(KeepAlive.TotalSeconds));
        var interval = Math.Max(1, seconds / 3);
        return
        [
            "-o", $"ServerAliveInterval={interval.ToString(CultureInfo.InvariantCulture)}",
            "-o", $"ServerAliveCountMax={Math.Max(1, seconds / interval).ToString(CultureInfo.InvariantCulture)}",
        ];
    }
}
