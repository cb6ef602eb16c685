using System.Collections;
using System.Reflection;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>PowerShell indexes what has an indexer of its own, which a list that the compiler makes for an expression has not.</summary>
public sealed class ListPropertyTests : ModuleTest
{
    private const string All =
        """
        $sub = New-Dag sub { Add-DagNode one { param($x) if ($x -eq 2) { throw 'no' }; Write-Warning "at $x"; $x } }
        $d = New-Dag d {
            Add-DagNode a { 1, 2 }
            Add-DagNode m -Map $sub -After a -AllowFailure 1
            Add-DagNode s -Switch @{ b = { 1 } } -By { 'b' } -After a
            Add-DagNode f -Method ([IO.Path]::GetFileName) -Parameter @{ path = '/x/y' }
        }
        $bad = New-Dag bad { Add-DagNode a { param([Parameter(Mandatory)]$x) 1 };
            Add-DagNode b { param([Parameter(Mandatory)]$x, [Parameter(Mandatory)]$y) 1 } -After a }
        $r = Invoke-Dag $d -Tag one -WarningAction SilentlyContinue
        try { Invoke-Dag $bad } catch { $e = $_.Exception;
            while ($null -ne $e -and $e -isnot [Lythonic.Dag.DagException]) { $e = $e.InnerException } }
        $d; $bad; $r; Get-DagRun $r.RunId; $e
        """;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _lists = [];
    private readonly List<string> _bare = [];

    [Fact]
    public void Every_list_that_a_user_meets_has_an_indexer()
    {
        foreach (var root in Session.Run(All).Output)
            Look(root!.BaseObject);

        Assert.Empty(_bare);
        Assert.Superset(
            new HashSet<string>
            {
                "Dag.Nodes", "Dag.Edges", "SubDags.Branches", "MethodCode.Signatures", "ScriptBlockCode.Signatures",
                "NodeSignature.Parameters",
                "DagRun.Nodes", "DagRun.Tag", "DagNodeRun.Messages", "DagNodeRun.ChildRuns", "DagException.Problems",
            },
            _lists);
    }

    [Theory]
    [InlineData("$d.Nodes[0].Label", "a")]
    [InlineData("$d.Edges[0].To", "b")]
    [InlineData("$d.Nodes[1].SubDags.Branches[0].Key", "x")]
    [InlineData("$d.Nodes[0].Code.Signatures[0].Parameters[0].Name", "p")]
    [InlineData("$bad.Validate()[0].ErrorId", "DagInputMissing")]
    [InlineData("@(Test-Dag $bad)[0].ErrorId", "DagInputMissing")]
    public void A_list_is_indexed(string expression, string value) => Gives(
        value,
        "$d = New-Dag d { Add-DagNode a { param($p) 1 }; Add-DagNode b -Switch @{ x = { 1 } } -By { 'x' } -After a }; "
        +
            "$bad = New-Dag bad { Add-DagNode a { 1 }; Add-DagNode b { param([Parameter(Mandatory)]$x, [Parameter(Mandatory)]$y) 1 } "
            + "-After a }; "+ expression);

    private void Look(object? value)
    {
        if (value is null || !_seen.Add(value))
            return;
        var type = value.GetType();
        if (value is IEnumerable items and not string)
        {
            foreach (var item in items)
                Look(item);
        }

        if (type.Namespace?.StartsWith("Lythonic.Dag", StringComparison.Ordinal) != true
            && !type.Name.StartsWith("KeyValuePair", StringComparison.Ordinal))
            return;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0))
        {
            var content = property.GetValue(value);
            if (IsList(property.PropertyType) && content is not null)
            {
                _lists.Add($"{type.Name}.{property.Name}");
                if (!content.GetType().IsArray && !content.GetType().GetProperties().Any(member => member.Name == "Item"))
                    _bare.Add($"{type.Name}.{property.Name} is a {content.GetType()}");
            }

            Look(content);
        }
    }

    private static bool IsList(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || type.Name == "LabelledList`1");
}
