using System.Xml.Linq;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Help;

/// <summary>The file that Get-Help reads, read.</summary>
internal static class MamlHelp
{
    /// <summary>The commands, by name.</summary>
    public static IReadOnlyDictionary<string, XElement> Commands { get; } =
        XDocument.Load(Path.Combine(Repository.Root, "en-US", "Lythonic.Dag.dll-Help.xml")).Root!
            .Children("command").ToDictionary(command => command.Child("details").Child("name").Value);

    /// <summary>The elements of a local name.</summary>
    public static IEnumerable<XElement> Children(this XElement element, string name) =>
        element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>The one element of a local name.</summary>
    public static XElement Child(this XElement element, string name) => element.Children(name).Single();

    /// <summary>The text of an element, without the line ends of its source.</summary>
    public static string Text(this XElement element) =>
        HelpPage.Plain(string.Join('\n', element.DescendantsAndSelf().Where(part => !part.HasElements).Select(part => part.Value)));
}
