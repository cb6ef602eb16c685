using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Help;

/// <summary>
/// Page, MAML and cmdlet say the same; after a change to a page or a parameter, <c>build.ps1 Docs</c> makes the MAML again.
/// </summary>
public sealed class HelpAgreementTests
{
    private static readonly Dictionary<string, CmdletInfo> Cmdlets = ReadCmdlets();

    public static TheoryData<string> Names => [.. Cmdlets.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_exported_cmdlet_and_nothing_else_has_a_page_and_an_entry_in_the_MAML()
    {
        var expected = Cmdlets.Keys.Order(StringComparer.Ordinal);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, HelpPage.OfCmdlets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(expected, MamlHelp.Commands.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_has_the_parameters_of_the_cmdlet(string name)
    {
        var parameters = HelpPage.OfCmdlets[name].Parameters.ToDictionary(parameter => parameter.Name);
        var own = OwnParameters(name);
        Assert.Equal(own.Select(parameter => parameter.Name).Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        foreach (var parameter in own)
        {
            var page = parameters[parameter.Name];
            Assert.Equal($"{parameter.Name} {parameter.ParameterType}", $"{parameter.Name} {page.Fact("Type")}");
            Assert.Equal(parameter.Aliases.Order(StringComparer.Ordinal), page.List("Aliases").Order(StringComparer.Ordinal));
            Assert.Equal(SetsOf(parameter), page.Sets().Order(StringComparer.Ordinal));
            Assert.Equal(AcceptedBy(parameter), page.List("AcceptedValues"));
            Assert.Equal($"{parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any()}", page.Fact("SupportsWildcards"),
                ignoreCase: true);
            Assert.NotEqual("", page.Fact("DefaultValue"));
            Assert.NotEqual("", page.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_MAML_has_the_parameters_of_the_page(string name)
    {
        var maml = MamlHelp.Commands[name].Child("parameters").Children("parameter")
            .ToDictionary(parameter => parameter.Child("name").Value);
        var page = HelpPage.OfCmdlets[name].Parameters;
        Assert.Equal(page.Select(parameter => parameter.Name).Order(StringComparer.Ordinal), maml.Keys.Order(StringComparer.Ordinal));
        foreach (var parameter in page)
        {
            var entry = maml[parameter.Name];
            Assert.Equal(parameter.Text, entry.Child("description").Text());
            Assert.Equal(parameter.Fact("Type"), entry.Child("type").Child("name").Value);
            Assert.Equal(parameter.Fact("DefaultValue"), entry.Child("defaultValue").Value);
            Assert.Equal(parameter.Fact("SupportsWildcards"), entry.Attribute("globbing")!.Value);
            Assert.Equal(parameter.Sets().Any(TakesPipeline),
                entry.Attribute("pipelineInput")!.Value.StartsWith("true", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_MAML_has_the_texts_and_examples_of_the_page(string name)
    {
        var (page, maml) = (HelpPage.OfCmdlets[name], MamlHelp.Commands[name]);
        Assert.Equal(page.Synopsis, maml.Child("details").Child("description").Text());
        Assert.Equal(page.Description, maml.Child("description").Text());
        var examples = maml.Child("examples").Children("example").ToList();
        Assert.Equal(
            page.Examples.Select(example => $"{example.Title}|{example.Code}|{example.Output}"),
            examples.Select(example =>
                $"{example.Child("title").Value.Trim('-', ' ')}|{example.Child("code").Value}|{example.Child("remarks").Value.TrimEnd()}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_syntax_of_the_MAML_has_every_parameter_set(string name)
    {
        var items = MamlHelp.Commands[name].Child("syntax").Children("syntaxItem").ToList();
        Assert.Equal(Cmdlets[name].ParameterSets.Count, items.Count);
        foreach (var set in Cmdlets[name].ParameterSets)
        {
            var own = set.Parameters.Select(parameter => parameter.Name).Where(IsOwn).Order(StringComparer.Ordinal);
            Assert.Contains(items, item => item.Children("parameter").Select(parameter => parameter.Child("name").Value)
                .Order(StringComparer.Ordinal).SequenceEqual(own));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_names_the_output_types_of_the_cmdlet(string name) =>
        Assert.Empty(Cmdlets[name].OutputType.Select(type => type.Name).Except(HelpPage.OfCmdlets[name].Outputs));

    [Theory]
    [MemberData(nameof(Names))]
    public void Get_Help_finds_it(string name)
    {
        using var session = new ModuleSession();
        Assert.Equal(HelpPage.OfCmdlets[name].Synopsis, session.Run($"(Get-Help {name}).Synopsis").Sound().Text.Trim());
    }

    [Fact]
    public void Get_Help_finds_the_guide_and_the_guide_names_every_error_and_every_cmdlet()
    {
        using var session = new ModuleSession();
        var text = session.Run("Get-Help about_Lythonic.Dag").Sound().Text;
        Assert.All(session.Run("[enum]::GetNames([Lythonic.Dag.DagErrorId])").Output,
            id => Assert.Contains($"`{id}`", text, StringComparison.Ordinal));
        Assert.All(Cmdlets.Keys, cmdlet => Assert.Contains(cmdlet, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_guide_that_Get_Help_shows_has_every_line_of_its_source()
    {
        var shown = File.ReadAllLines(Path.Combine(Repository.Root, "en-US", "about_Lythonic.Dag.help.txt")).Select(line => line.Trim())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var source = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "about_Lythonic.Dag.md"))
            .Where(line => !line.StartsWith("```", StringComparison.Ordinal));
        Assert.All(source, line => Assert.Contains(line.TrimStart('#').Trim(), shown));
    }

    private static Dictionary<string, CmdletInfo> ReadCmdlets()
    {
        using var session = new ModuleSession();
        return session.Run("Get-Command -Module Lythonic.Dag").Output.Select(command => (CmdletInfo)command!.BaseObject)
            .ToDictionary(command => command.Name);
    }

    private static List<ParameterMetadata> OwnParameters(string name) =>
        [.. Cmdlets[name].Parameters.Values.Where(parameter => IsOwn(parameter.Name))];

    private static bool IsOwn(string name) => !Cmdlet.CommonParameters.Contains(name);

    private static IEnumerable<string> SetsOf(ParameterMetadata parameter) => parameter.ParameterSets
        .Select(set => string.Join(' ',
            set.Key == ParameterAttribute.AllParameterSets ? "(All)" : set.Key,
            set.Value.Position == int.MinValue ? "Named" : $"{set.Value.Position}",
            Lower(set.Value.IsMandatory), Lower(set.Value.ValueFromPipeline), Lower(set.Value.ValueFromPipelineByPropertyName),
            Lower(set.Value.ValueFromRemainingArguments)))
        .Order(StringComparer.Ordinal);

    private static bool TakesPipeline(string set) =>
        set.Split(' ') is [.., var byValue, var byName, _] && (byValue == "true" || byName == "true");

    private static IEnumerable<string> AcceptedBy(ParameterMetadata parameter) =>
        parameter.ParameterType.IsEnum ? Enum.GetNames(parameter.ParameterType)
        : parameter.Attributes.OfType<ValidateSetAttribute>().SingleOrDefault()?.ValidValues ?? [];

    private static string Lower(bool value) => value ? "true" : "false";
}
