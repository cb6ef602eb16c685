namespace Lythonic.Dag.Export;

/// <summary>The style sheet and the script of a page, which are embedded in this assembly.</summary>
internal static class PageFile
{
    /// <summary>The style sheet: light and dark, wide and narrow.</summary>
    public const string Style = "page.css";

    /// <summary>
    /// The script. A page without it can be read in full; with it, links open their node, the graph scales and nodes can be filtered.
    /// </summary>
    public const string Script = "page.js";

    /// <summary>Reads one of them.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>Its text, with plain line feeds, because a browser computes the hash of a script with these.</returns>
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PageFile).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
