using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Transport.Tests.Commands;

/// <summary>Command lines from names that may come from data.</summary>
public sealed class SshHostTests
{
    public static TheoryData<string> Bad =>
        ["", "-oProxyCommand=x", "a b", "a\tb", "a\nb", "a\0b", "a\u200bb", "\u202ea", "a\u00a0b", "a\u2028b"];

    [Theory]
    [InlineData("web1", "web1", null, 0)]
    [InlineData("ops@web1", "web1", "ops", 0)]
    [InlineData("ops@web1:22", "web1", "ops", 22)]
    [InlineData("domain@ops@web1:22", "web1", "domain@ops", 22)]
    [InlineData("web1.example.org:65535", "web1.example.org", null, 65_535)]
    [InlineData("ops@[2001:db8::1]:2222", "2001:db8::1", "ops", 2_222)]
    [InlineData("[2001:db8::1]", "2001:db8::1", null, 0)]
    [InlineData("2001:db8::1", "2001:db8::1", null, 0)]
    public void A_name_is_read_as_user_host_and_port(string text, string host, string? user, int port)
    {
        var parsed = SshHost.Parse(text);

        Assert.Equal((host, user, port), (parsed.HostName, parsed.UserName, parsed.Port));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    [InlineData("ops@")]
    [InlineData("@web1")]
    [InlineData("ops@-oProxyCommand=x")]
    [InlineData("-l@web1")]
    [InlineData("web1:0")]
    [InlineData("web1:65536")]
    [InlineData("web1:+22")]
    [InlineData("web1:")]
    [InlineData("[::1")]
    [InlineData("[::1]22")]
    [InlineData("web1:22:33")]
    [InlineData("ops@`id`")]
    [InlineData("$(id)@web1")]
    public void What_could_be_taken_for_something_else_is_refused(string text) => Refused(() => SshHost.Parse(text));

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_host_name_is_refused_before_there_is_a_command(string text) => Refused(() => new SshHost(text).ToCommand());

    [Theory]
    [InlineData("a`id`")]
    [InlineData("a$HOME")]
    [InlineData("a;b")]
    [InlineData("a|b")]
    [InlineData("a'b")]
    public void A_host_name_that_a_shell_in_the_configuration_of_ssh_could_run_is_refused(string text) =>
        Refused(() => new SshHost(text).ToCommand());

    [Fact]
    public void A_user_of_a_domain_and_an_interface_of_an_address_are_names()
    {
        var host = SshHost.Parse("DOMAIN\\ops@fe80::1%eth0");

        Assert.Equal(("DOMAIN\\ops", "fe80::1%eth0"), (host.UserName, host.HostName));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_user_name_is_refused(string text) => Refused(() => new SshHost("web1", text).ToCommand());

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_subsystem_is_refused(string text) => Refused(() => new SshHost("web1") { Subsystem = text }.ToCommand());

    [Theory]
    [InlineData("Proxy Command", "x")]
    [InlineData("-F", "x")]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("ProxyCommand", "a\nb")]
    public void A_bad_option_is_refused(string name, string value) =>
        Refused(() => new SshHost("web1") { Options = new Dictionary<string, string> { [name] = value } }.ToCommand());

    [Theory]
    [InlineData("")]
    [InlineData("-key")]
    [InlineData("a\nb")]
    public void A_bad_key_path_is_refused(string path) => Refused(() => new SshHost("web1") { KeyFilePath = path }.ToCommand());

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void A_port_that_there_is_not_is_refused(int port) => Refused(() => new SshHost("web1", null, port).ToCommand());

    [Fact]
    public void The_host_stands_behind_all_options_and_each_argument_is_one_word()
    {
        var host = new SshHost("web1", "ops", 2_222)
        {
            KeyFilePath = "/some folder/key",
            Options = new Dictionary<string, string> { ["UserKnownHostsFile"] = "/some folder/known" },
            KeepAlive = TimeSpan.FromSeconds(1),
        };

        var words = host.ToCommand().Arguments;

        Assert.Equal("ssh", host.ToCommand().Program);
        Assert.Equal(["-s", "--", "web1", "powershell"], words.TakeLast(4));
        Assert.Equal(["-o", "BatchMode=yes", "-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=1", "-o", "ConnectTimeout=15"],
            words.Take(8));
        Assert.Contains("UserKnownHostsFile=/some folder/known", words);
        Assert.Contains("/some folder/key", words);
    }

    [Theory]
    [InlineData(15, 5, 3)]
    [InlineData(3, 1, 3)]
    [InlineData(2, 1, 2)]
    [InlineData(0.2, 1, 1)]
    [InlineData(60, 20, 3)]
    public void A_silent_host_is_given_up_within_the_keep_alive(double seconds, int interval, int count)
    {
        var words = new SshHost("web1") { KeepAlive = TimeSpan.FromSeconds(seconds) }.ToCommand().Arguments;

        Assert.Contains($"ServerAliveInterval={interval}", words);
        Assert.Contains($"ServerAliveCountMax={count}", words);
    }

    [Theory]
    [InlineData("ops@web1:22")]
    [InlineData("web1")]
    [InlineData("ops@[2001:db8::1]:22")]
    public void A_host_is_named_as_it_was_given(string text) => Assert.Equal(text, HostEndpoint.To(SshHost.Parse(text)).Name);

    [Theory]
    [InlineData(120_000, 120)]
    [InlineData(Timeout.Infinite, 15)]
    public void A_session_gives_its_time_limit_for_connecting(int milliseconds, int seconds)
    {
        var connection = new SSHConnectionInfo("ops", "web1", "key", 22, "powershell", milliseconds);

        Assert.Equal(TimeSpan.FromSeconds(seconds), HostEndpoint.To(connection).ConnectTimeout);
    }

    [Theory]
    [InlineData("docker", "docker")]
    [InlineData("/usr/bin/srun", "srun")]
    public void A_command_is_named_by_its_first_word(string program, string name) =>
        Assert.Equal(name, HostEndpoint.To(new HostCommand([program, "x"])).Name);

    [Fact]
    public void A_command_without_a_program_or_with_control_characters_is_refused()
    {
        Refused(() => HostEndpoint.To(new HostCommand([])));
        Refused(() => HostEndpoint.To(new HostCommand([" "])));
        Refused(() => HostEndpoint.To(new HostCommand(["docker", "a\nb"])));
    }

    private static void Refused(Action action)
    {
        var error = Assert.Throws<DagException>(action);
        Assert.Equal(DagErrorId.DagNameInvalid, error.Id);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
