using System.Management.Automation;
using Lythonic.Dag.Sessions;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Accepts a DAG's name, a run or any other value where a DAG is expected, so that the cmdlet can say what to write instead. Without it,
/// PowerShell would look for another parameter that accepts the value, and its error would be about that parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DagTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether another parameter in the same position accepts runs or differences of runs, so that they are left alone.</summary>
    public bool TakesRuns { get; init; }

    /// <summary>Whether another parameter in the same position accepts a text, so that texts are left alone.</summary>
    public bool TakesTexts { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var bare = PSWrapper.Unwrap(inputData);
        return IsMistaken(bare) ? new Dag("-") { Host = new NoDag(bare!, TakesRuns) } : inputData;
    }

    // A dictionary is source input, which another parameter accepts in the same position.
    private bool IsMistaken(object? given) => given switch
    {
        null or Dag or System.Collections.IDictionary => false,
        string => !TakesTexts,
        DagRun => !TakesRuns,
        _ => !TakesTexts && !TakesRuns,
    };

    /// <summary>Returns the DAG if a DAG was bound, and throws if the transformation let another value pass.</summary>
    /// <param name="dag">The bound value.</param>
    /// <param name="taker">The cmdlet or the parameter that takes it, for the error.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: the value is not a DAG.</exception>
    internal static Dag Require(Dag dag, string taker) => dag.Host is NoDag given ? throw given.Error(taker) : dag;

    /// <summary>The text that was given where a DAG is expected; <see langword="null"/> if there is none.</summary>
    internal static string? TextIn(Dag dag) => dag.Host is NoDag { Given: string text } ? text : null;

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
                not string => Mismatch(
                    Given,
                    $"{taker} takes one DAG, and a value of the type {Given.GetType()} was given.",
                    $"Keep what New-Dag returns, as in $dag = New-Dag NAME {{ … }}, and write: {use}"),
                _ when DagSession.Find((string)Given) is { } made => Mismatch(
                    Given,
                    $"{taker} takes the DAG itself, and '{Given}' is the name of one that was made in this session.",
                    $"Keep what New-Dag returns, as in $dag = New-Dag {made.Name} {{ … }}, and write: {use}"),
                _ => Mismatch(
                    Given,
                    $"{taker} takes the DAG itself, and '{Given}' is a text."
                        + (RunsToo ? $" Of a run, write: Get-DagRun {Given} | {taker}" : ""),
                    $"Keep what New-Dag returns, as in $dag = New-Dag NAME {{ … }}, and write: {use}"),
            };
        }

        private static DagException Mismatch(object target, string what, string action) =>
            new(DagErrorId.DagTypeMismatch, what, target, action);
    }
}
