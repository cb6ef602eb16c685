using System.Management.Automation;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>A test with a session of its own. xunit makes one of these for each test.</summary>
public abstract class ModuleTest : IDisposable
{
    internal ModuleSession Session { get; } = new();

    public void Dispose()
    {
        Session.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asserts that a script writes no error and that its output, one object a line, is the text.</summary>
    internal void Gives(string expected, string script) => Assert.Equal(expected, Session.Run(script).Sound().Text);

    /// <summary>Asserts that a script ends with the error, and that its message contains the given parts.</summary>
    internal ErrorRecord FailsWith(string errorId, string script, params string[] mentions)
    {
        var result = Session.Run(script);
        var error = result.AllErrors.FirstOrDefault();
        Assert.True(error is not null, $"no error; the output was: {result.Text}");
        Assert.StartsWith(errorId, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.All(mentions, mention => Assert.Contains(mention, error.ToString(), StringComparison.OrdinalIgnoreCase));
        return error;
    }

    /// <summary>Asserts that a script writes the text when it runs in another session with the same database.</summary>
    internal void GivesInNewSession(string expected, string script)
    {
        using var session = new ModuleSession(Session.Database);
        Assert.Equal(expected, session.Run(script).Sound().Text);
    }

    /// <summary>Runs a script, then reads the session's database by SQL.</summary>
    internal void Reads(string expected, string sql, string script)
    {
        Session.Run(script);
        Assert.Equal(expected, StoreReader.Query(Session.Database, sql));
    }
}
