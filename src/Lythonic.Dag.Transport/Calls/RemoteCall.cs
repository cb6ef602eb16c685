using System.Globalization;

namespace Lythonic.Dag.Transport;

/// <summary>One call of a scriptblock on a host.</summary>
/// <param name="Script">The scriptblock that runs.</param>
public sealed record RemoteCall(RemoteScript Script)
{
    /// <summary>Arguments by name.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; init; } = new Dictionary<string, object?>();

    /// <summary>The value of <c>$_</c>.</summary>
    public object? Value { get; init; }

    /// <summary>Whether the value comes through the pipeline as one object, as a <c>process</c> block needs it.</summary>
    public bool IsPiped { get; init; }

    /// <summary>Whether it is called as a function without parameters, in which <c>$_</c> is a variable of its own.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The values of <c>$using:</c> expressions, by the key that PowerShell looks them up with.</summary>
    public IReadOnlyDictionary<string, object?> Using { get; init; } = new Dictionary<string, object?>();

    /// <summary>The names of parameters that take the node's context.</summary>
    public IReadOnlyList<string> ContextParameters { get; init; } = [];

    /// <summary>The strict mode, as <c>Set-StrictMode</c> takes it; empty for none.</summary>
    public string StrictMode { get; init; } = "";

    /// <summary>Whether it may make global variables, functions or aliases, which are then removed before the next call.</summary>
    public bool TouchesGlobals { get; init; }

    /// <summary>The functions, aliases, modules and variables that come along.</summary>
    public RemoteImage Image { get; init; } = RemoteImage.Empty;

    /// <summary>What the code knows about its run.</summary>
    public required DagContext Context { get; init; }

    /// <summary>The culture of the code.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.CurrentCulture;

    /// <summary>The UI culture of the code.</summary>
    public CultureInfo UICulture { get; init; } = CultureInfo.CurrentUICulture;

    /// <summary>
    /// Takes records of the streams as they come: errors, warnings, verbose, debug, information and progress records. Called on one thread
    /// at a time.
    /// </summary>
    public Action<object>? OnRecord { get; init; }
}
