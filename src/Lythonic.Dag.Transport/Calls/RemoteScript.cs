namespace Lythonic.Dag.Transport;

/// <summary>A scriptblock in the form in which it travels: the text between its braces, and the place of that text.</summary>
/// <param name="Text">The text, without braces.</param>
/// <param name="File">The file that has it; <see langword="null"/> for none.</param>
/// <param name="Line">The line on which the text begins, from 1.</param>
/// <param name="Column">The column at which it begins, from 1.</param>
/// <param name="Usings">The file's <c>using namespace</c> statements, ended by semicolons; or <see langword="null"/>.</param>
public sealed record RemoteScript(string Text, string? File = null, int Line = 1, int Column = 1, string? Usings = null);
