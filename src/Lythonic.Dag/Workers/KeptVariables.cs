using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Variables that code assigns to outside its own scope, by their names, as they were before. Their values are put back after the call:
/// a new worker for each such call would cost a hundred times as much.
/// </summary>
/// <param name="variables">The variables of the worker's session.</param>
internal sealed class KeptVariables(PSVariableIntrinsics variables)
{
    private readonly List<(string Name, PSVariable? Variable, object? Value)> _kept = [];

    /// <summary>Takes note of variables.</summary>
    /// <param name="names">Their names with their scopes, such as <c>script:count</c>.</param>
    public void Keep(IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
        {
            var variable = variables.Get(name);
            _kept.Add((name, variable, variable?.Value));
        }
    }

    /// <summary>Puts back what was noted, and forgets it. What was not there is removed.</summary>
    /// <exception cref="RuntimeException">A variable cannot be written.</exception>
    public void PutBack()
    {
        foreach (var (name, before, value) in _kept)
        {
            var now = variables.Get(name);
            if (before is null && now is not null)
                variables.Remove(now);
            else if (before is not null && !ReferenceEquals(now, before))
                variables.Set(name, value);
            else if (before is not null && !ReferenceEquals(before.Value, value))
                before.Value = value;
        }

        _kept.Clear();
    }
}
