namespace Lythonic.Dag;

/// <summary>What a user can do about an error. The words depend on the host: see <see cref="DagRemedy"/>.</summary>
internal enum DagRemedyKind
{
    /// <summary>Run with a store that keeps runs.</summary>
    UseStore,

    /// <summary>Look for the run, or open the database that holds it.</summary>
    ListRuns,

    /// <summary>Look at the state of the run.</summary>
    LookAtRun,

    /// <summary>
    /// Replay some nodes of <see cref="DagRemedy.RunId"/>, which is completed: those of <see cref="DagRemedy.Nodes"/> wrote errors.
    /// </summary>
    ReplaySomeNodes,

    /// <summary>Replay the elements of maps that failed in <see cref="DagRemedy.RunId"/>, which is completed all the same.</summary>
    ReplayFailedElements,

    /// <summary>
    /// Replay the node of <see cref="DagRemedy.Node"/> in the run of <see cref="DagRemedy.RunId"/>, and all downstream of it.
    /// </summary>
    ReplayNode,

    /// <summary>Replay the node whose stored value cannot be used.</summary>
    ReplayItsNode,

    /// <summary>Give the DAG of the run, which <see cref="DagRemedy.Node"/> names.</summary>
    GiveDagOfRun,

    /// <summary>
    /// Keep the stored outputs of changed nodes by force in the restart of <see cref="DagRemedy.RunId"/>, or replay the nodes of
    /// <see cref="DagRemedy.Nodes"/>.
    /// </summary>
    KeepOutputs,

    /// <summary>Give the source input of <see cref="DagRemedy.Node"/>, or of its <see cref="DagRemedy.Parameter"/>, again.</summary>
    GiveSourceInput,

    /// <summary>Give source input by the label of a source, or by the name of a parameter.</summary>
    NameSource,

    /// <summary>Give <see cref="DagRemedy.Parameter"/> by the label of <see cref="DagRemedy.Node"/>, which has upstreams.</summary>
    NameNode,

    /// <summary>Fill <see cref="DagRemedy.Parameter"/> of the source <see cref="DagRemedy.Node"/>.</summary>
    FillSourceParameter,

    /// <summary>Fill <see cref="DagRemedy.Parameter"/> of a node that has upstreams.</summary>
    FillParameter,

    /// <summary>Say which upstream fills <see cref="DagRemedy.Parameter"/>.</summary>
    ConnectParameter,

    /// <summary>Make one overload of a method fit.</summary>
    ChooseOverload,

    /// <summary>Declare a list as the output type of the upstream, or use a call node.</summary>
    DeclareList,

    /// <summary>Give a composite node one upstream.</summary>
    NameOneUpstream,

    /// <summary>Choose one branch.</summary>
    ChooseOneBranch,

    /// <summary>Wait for the owner of a run, or ask it to pause.</summary>
    WaitOrPause,

    /// <summary>Wait for the owner of a run on another machine, or take the run over by force.</summary>
    TakeOver,

    /// <summary>Force the restart of <see cref="DagRemedy.RunId"/>, or remove it.</summary>
    ForceOrBeginAnew,

    /// <summary>Map the same elements again under the name in <see cref="DagRemedy.Node"/>, and reuse what has completed.</summary>
    MapAgain,

    /// <summary>Mend the database as <see cref="DagRemedy.Mend"/> says, and try again: nothing of a run was lost.</summary>
    MendThenTryAgain,

    /// <summary>
    /// Mend the database as <see cref="DagRemedy.Mend"/> says, and restart <see cref="DagRemedy.RunId"/>, which its fault ended.
    /// </summary>
    MendThenRestart,

    /// <summary>Mend the database as <see cref="DagRemedy.Mend"/> says, and do <see cref="MapAgain"/>.</summary>
    MendThenMapAgain,

    /// <summary>Wait for a live run of the DAG to end, or ask it to pause.</summary>
    WaitForTurn,
}
