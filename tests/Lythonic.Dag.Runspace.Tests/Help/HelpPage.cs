using System.Text.RegularExpressions;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Help;

/// <summary>A page of docs/, read.</summary>
public sealed partial class HelpPage
{
    private readonly string _text;

    private HelpPage(string path)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _text = File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    /// <summary>The page of each cmdlet, by its name.</summary>
    public static IReadOnlyDictionary<string, HelpPage> OfCmdlets { get; } =
        Directory.GetFiles(Path.Combine(Repository.Root, "docs", "en-US"), "*.md").Select(path => new HelpPage(path))
            .ToDictionary(page => page.Name);

    public string Name { get; }

    public string Synopsis => Plain(Section("SYNOPSIS"));

    public string Description => Plain(Section("DESCRIPTION"));

    /// <summary>The parameters in the order of the page.</summary>
    public IReadOnlyList<HelpParameter> Parameters => [.. ParameterPattern().Matches(Section("PARAMETERS"))
        .Select(match => new HelpParameter(
            match.Groups["name"].Value, Plain(match.Groups["text"].Value), match.Groups["yaml"].Value.Split('\n')))];

    /// <summary>The type names under OUTPUTS.</summary>
    public IEnumerable<string> Outputs => HeadingPattern().Matches(Section("OUTPUTS")).Select(match => match.Groups[1].Value);

    /// <summary>The examples in the order of the page, each under the heading before it.</summary>
    public IReadOnlyList<HelpExample> Examples => [.. ExamplePattern().Matches(_text)
        .Select(match => new HelpExample(Name, TitleBefore(match.Index), match.Groups["code"].Value, match.Groups["output"].Value))];

    /// <summary>Text without the line ends of its source.</summary>
    public static string Plain(string text) => SpacePattern().Replace(text.Trim(), " ");

    private string Section(string heading) =>
        Regex.Match(_text, $@"^## {heading}\n(?<body>.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)
            .Groups["body"].Value;

    private string TitleBefore(int index) => AnyHeadingPattern().Matches(_text[..index]).Last().Groups["title"].Value;

    [GeneratedRegex(@"^### -(?<name>\w+)\n(?<text>.*?)```yaml\n(?<yaml>.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"^```powershell\n(?<code>.*?)\n```\n\n```Output\n(?<output>.*?)\n```",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();

    [GeneratedRegex("^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex("^##+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex AnyHeadingPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();
}
