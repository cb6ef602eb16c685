namespace Lythonic.Dag.Export;

/// <summary>The kind of screen that a table is made for.</summary>
internal enum ScreenKind
{
    /// <summary>Nobody sees the screen. The table becomes a text of unknown width.</summary>
    Unseen,

    /// <summary>There is no room for all columns.</summary>
    Narrow,

    /// <summary>There is room for all columns.</summary>
    Usual,

    /// <summary>There is room for long names too.</summary>
    Wide,
}
