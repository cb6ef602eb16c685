using System.Management.Automation;
using Lythonic.Dag.Commands;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Takes what people write in the place of a DAG, its name or a run, so that the cmdlet says what to write: PowerShell would look for a
/// parameter that takes it, and complain of that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DagTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a run may stand there too, as another parameter.</summary>
    public bool TakesRuns { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return bare is string || (bare is DagRun && !TakesRuns) ? new Dag("-") { Host = new NoDag(bare, TakesRuns) } : inputData;
    }

    /// <summary>The DAG, where it is one.</summary>
    /// <param name="dag">What was bound.</param>
    /// <param name="taker">What takes it: a cmdlet or a parameter.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: it is something else.</exception>
    internal static Dag Require(Dag dag, string taker) => dag.Host is NoDag given ? throw given.Error(taker) : dag;

    private sealed record NoDag(object Given, bool RunsToo)
    {
        public DagException Error(string taker)
        {
            var use = taker.StartsWith('-') ? $"{taker} $dag" : $"$dag | {taker}";
            return Given switch
            {
                DagRun run => Mismatch(
                    run.RunId,
                    $"{taker} takes a DAG, and a run of '{run.DagName}' was given.",
                    "Give the DAG that New-Dag returned; with the run itself, go on by Restart-DagRun, or run nodes again by "
                        + "Invoke-DagReplay."),
                _ when DagSession.Find((string)Given) is { } made => Mismatch(
                    Given,
                    $"{taker} takes the DAG itself, and '{Given}' is the name of one that was made in this session.",
                    $"Keep what New-Dag returns, as in $dag = New-Dag {made.Name} {{ … }}, and write: {use}"),
                _ => Mismatch(
                    Given,
                    $"{taker} takes the DAG itself, and '{Given}' is a text.",
                    $"Keep what New-Dag returns, as in $dag = New-Dag NAME {{ … }}, and write: "
                        + $"{use}{(RunsToo ? $". Of a run, write: Get-DagRun {Given} | {taker}" : "")}"),
            };
        }

        private static DagException Mismatch(object target, string what, string action) =>
            new(DagErrorId.DagTypeMismatch, $"{what} {action}", target, action);
    }
}
