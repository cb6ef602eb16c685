# Builds, tests, documents, packs and installs the module. Where no PowerShell is installed: dotnet dnx -y powershell ./build.ps1 <task>
#   ./build.ps1            Build: the module becomes importable in place
#   ./build.ps1 Demo       builds the module, and runs an example with it
#   ./build.ps1 Test       builds everything, and runs every test; the last line sums up
#   ./build.ps1 Docs       en-US/, which Get-Help reads, from the pages in docs/
#   ./build.ps1 Pack       the module folder and the package, under artifacts/
#   ./build.ps1 Install    the module folder, into the user's module path
param(
    [ValidateSet('Build', 'Demo', 'Test', 'Docs', 'Pack', 'Install')] [string]$Task = 'Build',
    [string]$Configuration = 'Release',
    [string]$OutputPath = (Join-Path $PSScriptRoot 'artifacts'),
    [string]$HelpPath = (Join-Path $PSScriptRoot 'en-US'),
    [string]$PesterVersion,
    [switch]$NoBuild
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot 'Lythonic.Dag.psd1'
$runtimes = 'win-x64', 'win-arm64', 'linux-x64', 'linux-arm64', 'linux-musl-x64', 'linux-musl-arm64', 'osx-x64', 'osx-arm64'

# Sets environment variables, and returns what they were.
function Set-Environment([hashtable]$Variables) {
    $before = @{}
    foreach ($name in $Variables.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $Variables[$name])
    }

    $before
}

function Invoke-Dotnet {
    if (-not (Get-Command dotnet -ErrorAction Ignore)) { throw 'The .NET SDK 10 is needed: dotnet is not on the path.' }
    # A build is too short for what the runtime learns of its own code to pay: a third of the processors goes into counting.
    $saved = Set-Environment @{ DOTNET_TieredPGO = '0' }
    try { dotnet @args }
    finally { $null = Set-Environment $saved }
    if ($LASTEXITCODE) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

function Assert-Module($Name, $Version) {
    if (-not (Get-Module $Name -ListAvailable | Where-Object Version -GE $Version)) { throw "$Name $Version or later is needed: Install-PSResource $Name" }
}

# The shell that runs this script: a program, or dotnet and the pwsh.dll of the .NET tool.
function Get-Pwsh {
    $program = [Environment]::ProcessPath
    $program
    if ((Split-Path $program -LeafBase) -ne 'pwsh') { Join-Path $PSHOME 'pwsh.dll' }
}

function Invoke-Pwsh {
    $program, $library = Get-Pwsh
    & $program @(if ($library) { $library }) -NoProfile @args
}

# Begins to make the shell of the tests, if this shell is the .NET tool: a copy of it that is compiled ahead of time.
function Start-ShellBuild {
    if (@(Get-Pwsh).Count -eq 1) { return }
    Start-Background shell dotnet @('build', (Join-Path $PSScriptRoot 'tests/Shell.proj'), "-p:ShellHome=$PSHOME", '--verbosity', 'quiet', '-nologo', '-consoleLoggerParameters:NoSummary')
}

# The commands that start the shells for the suite: this shell twice. If it is the .NET tool: once with dotnet, and once as a program that is compiled ahead of time.
function Get-TestShells($ShellBuild) {
    $program, $library = Get-Pwsh
    if (-not $library) { return @($program), @($program) }
    if (-not (Wait-Background $ShellBuild)) { throw 'The shell of the tests was not made.' }
    $folder = Join-Path $PSScriptRoot "artifacts/shell/$($PSVersionTable.PSVersion)"
    # The program finds the runtime of this shell there.
    $env:DOTNET_ROOT = Split-Path $program
    @($program, (Join-Path $folder 'pwsh.dll')), @(Join-Path $folder "pwsh$(if ($IsWindows) { '.exe' })")
}

function Invoke-Build($Project = (Join-Path $PSScriptRoot 'src/Lythonic.Dag'), [string[]]$Options = @()) {
    if ($NoBuild) { return }
    Invoke-Dotnet build $Project --configuration $Configuration -nologo @Options
}

function Invoke-Demo {
    'Building the module, then counting the words of its documents with it: half a minute, and a minute more the first time, when packages are restored.'
    Invoke-Build
    $example = 'docs/examples/word-count.ps1'
    "`
Running $example`:"
    Invoke-Pwsh -NonInteractive -File (Join-Path $PSScriptRoot $example)
    if ($LASTEXITCODE) { throw "$example ended with exit code $LASTEXITCODE." }
    "`
The run is kept: Import-Module ./Lythonic.Dag.psd1; Get-DagRun"
}

# Suites run at the same time, because tests often wait for processes and disks. The output of a background process is shown when it has ended.
function Start-Background($Name, $Program, $Arguments, $Priority = 'Normal') {
    $said = Join-Path $OutputPath "test-results/$Name.log"
    $process = Start-Process $Program -ArgumentList $Arguments.ForEach({ "`"$_`"" }) -PassThru -NoNewWindow -RedirectStandardOutput $said
    # Read the handle now: otherwise the exit code is lost when the process ends.
    $null = $process.Handle
    if ($Priority -ne 'Normal') { $process.PriorityClass = $Priority }
    @{ Name = $Name; Process = $process; Said = $said }
}

# Waits for a background process and shows its output. Returns whether it was sound.
function Wait-Background($Background) {
    $Background.Process.WaitForExit()
    Get-Content $Background.Said | Out-Host
    $Background.Process.ExitCode -eq 0
}

# A queue of Pester files: a folder with a file for each, which names it. Two shells draw from it, so that they end at about the same time.
function New-PesterQueue([int]$Half) {
    $queue = New-Item (Join-Path $OutputPath "test-results/queue-$Half") -ItemType Directory
    # Every second file: first those that take longest, as they start many processes or compile, then from the largest to the smallest.
    $long = 'Hosts.Process', 'Help', 'Invoke-Dag.Jobs', 'Package', 'Hosts.Farm', 'Values' | ForEach-Object { "$_.Tests.ps1" }
    $files = Get-ChildItem (Join-Path $PSScriptRoot 'tests/Pester') -Filter *.Tests.ps1 | Sort-Object { $_.Name -in $long }, Length, Name -Descending
    for ($index = $Half; $index -lt $files.Count; $index += 2) { Set-Content (Join-Path $queue ('{0:d3}' -f $index)) $files[$index].FullName }
    $queue.FullName
}

# Test processes are many and live shortly. In such a process the runtime uses a third of the processors for what pays only later: to compile once more what is
# called often, to optimize what it compiles, and to map its memory for code twice. The module's own code is compiled ahead of time, as for users.
# Collections of garbage that run beside the program are made five times as often, and a shell reports to its maker that it was started.
$shortLived = @{
    DOTNET_TC_CallCounting = '0'; DOTNET_JITMinOpts = '1'; DOTNET_EnableWriteXorExecute = '0'
    DOTNET_gcConcurrent = '0'; POWERSHELL_TELEMETRY_OPTOUT = '1'
}

function Invoke-Tests {
    'Building everything, then running the .NET tests and the Pester suite: about 4 minutes on 2 cores, and a minute more the first time, when packages are restored.'
    $results = Join-Path $OutputPath 'test-results'
    if (Test-Path $results) { Remove-Item $results -Recurse -Force }
    $null = New-Item $results -ItemType Directory
    $shellBuild = Start-ShellBuild
    $suite = Join-Path $PSScriptRoot 'tests/Pester/Invoke-Tests.ps1'
    # If no version is given, each half of the suite uses one of the pinned versions.
    $versions = if ($PesterVersion) { @($PesterVersion) * 2 } else { ([xml](Get-Content (Join-Path $PSScriptRoot 'Directory.Packages.props') -Raw)).Project.PropertyGroup.PesterVersions -split ';' }
    # All shells of the suite need Pester, so it is restored before they start.
    $program, $arguments = @(Get-Pwsh) + @('-NoProfile', '-NonInteractive', '-File', $suite, '-RestoreOnly', '-PesterVersion', $versions[0])
    $restored = Start-Background pester-restore $program $arguments
    # One process compiles all projects, and ends before the tests, which need its memory.
    Invoke-Build $PSScriptRoot '-p:UseSharedCompilation=true'
    dotnet build-server shutdown --vbcscompiler | Out-Null
    $shells = Get-TestShells $shellBuild
    $output = "tests/*/bin/$Configuration/net*"
    Copy-NativeCode "src/Lythonic.Dag/obj/$Configuration/ready-to-run" $output
    Copy-NativeCode "artifacts/shell/$($PSVersionTable.PSVersion)" "$output/runtimes/$($IsWindows ? 'win' : 'unix')/lib/net*" System.Management.Automation, Microsoft.PowerShell.*
    if (-not (Wait-Background $restored)) { throw 'Pester was not restored.' }
    $saved = Set-Environment $shortLived
    try {
        $background = @(Start-Background dotnet-test dotnet @('test', $PSScriptRoot, '--configuration', $Configuration, '--no-build', '-maxCpuCount:3', '--logger', 'trx', '--results-directory', $results))
        $pester = foreach ($half in 0, 1) {
            $command = @($shells[$half]) + @('-NoProfile', '-NonInteractive', '-File', $suite, '-Queue', (New-PesterQueue $half), '-ResultPath', $results, '-PesterVersion', $versions[$half])
            foreach ($turn in 1, 2) { @{ Name = "pester-$($versions[$half])-$turn"; Program = $command[0]; Arguments = $command[1..$command.Count] } }
        }
        # The .NET suites end with tests that run one at a time, so these shells leave the processors to them first, and use the other one then.
        $background += foreach ($shell in $pester[1..3]) { Start-Background @shell -Priority BelowNormal }
        # One shell runs in the foreground and shows its progress.
        $program, $arguments = $pester[0].Program, $pester[0].Arguments
        & $program @arguments
        $sound = $LASTEXITCODE -eq 0
        foreach ($suite in $background) {
            "Waiting for $($suite.Name)."
            $sound = (Wait-Background $suite) -and $sound
        }
    }
    finally { $null = Set-Environment $saved }
    $sum = Measure-Tests $results
    # The suites say much, so a failure is told once more where one looks first.
    Get-FailedTests $results
    "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    if (-not $sound -or $sum.Failed -or -not $sum.Passed) { exit 1 }
}

# Puts assemblies that were compiled for this platform in place of those that test projects build against. Test processes, of which many live for a second, begin faster with native code.
function Copy-NativeCode($From, $To, [string[]]$Names = '*') {
    $compiled = Get-ChildItem $Names.ForEach({ Join-Path $PSScriptRoot $From "$_.dll" }) -ErrorAction Ignore
    foreach ($folder in Get-ChildItem (Join-Path $PSScriptRoot $To) -Directory) {
        $compiled | Where-Object { Test-Path (Join-Path $folder $_.Name) } | Copy-Item -Destination $folder
    }
}

# Sums up the result files of the test runners.
function Measure-Tests($Results) {
    # Results that two suites write in the same second have a number in brackets, which would be a wildcard.
    $sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($file in Get-ChildItem $Results -Filter *.trx) {
        $counters = ([xml](Get-Content -LiteralPath $file -Raw)).TestRun.ResultSummary.Counters
        # Skipped tests are counted only in the total.
        $sum.Passed += [int]$counters.passed
        $sum.Failed += [int]$counters.failed
        $sum.Skipped += [int]$counters.total - [int]$counters.passed - [int]$counters.failed
    }
    foreach ($file in Get-ChildItem $Results -Filter pester-*.xml) {
        $counters = ([xml](Get-Content -LiteralPath $file -Raw)).'test-results'
        $skipped = [int]$counters.skipped + [int]$counters.inconclusive
        $sum.Passed += [int]$counters.total - [int]$counters.failures - $skipped
        # An error is a file that did not load. Its tests are not in the total.
        $sum.Failed += [int]$counters.failures + [int]$counters.errors
        $sum.Skipped += $skipped
    }
    $sum
}

# A line for each test that failed, with its message.
function Get-FailedTests($Results) {
    foreach ($file in Get-ChildItem $Results -Filter *.trx) {
        foreach ($test in ([xml](Get-Content -LiteralPath $file -Raw)).SelectNodes("//*[local-name()='UnitTestResult' and @outcome='Failed']")) {
            "FAILED $($test.testName): $($test.Output.ErrorInfo.Message)"
        }
    }
    foreach ($file in Get-ChildItem $Results -Filter pester-*.xml) {
        foreach ($test in ([xml](Get-Content -LiteralPath $file -Raw)).SelectNodes("//test-case[@success='False' and failure]")) {
            "FAILED $($test.name): $($test.failure.message)"
        }
    }
}

# A topic as Get-Help shows it: headings at the margin, text indented, code indented further.
# The synopsis that Get-Help lists is the fifth line.
function ConvertTo-HelpText([string[]]$Markdown) {
    $code, $last = $false, ''
    foreach ($line in $Markdown) {
        $first, $last = ($last -match '^#'), $line
        if ($line -match '^```') { $code = -not $code }
        elseif ($first -and -not $line) { continue }
        elseif ($code) { "        $line".TrimEnd() }
        elseif ($line -match '^# (.+)') { 'TOPIC', "    $($Matches[1])", '' }
        elseif ($line -match '^## (.+)') { $Matches[1].ToUpperInvariant() }
        elseif ($line -match '^### (.+)') { "  $($Matches[1])" }
        else { "    $line".TrimEnd() }
    }
}

# PlatyPS writes an empty line of an example as a control character.
function Split-Example([xml]$Maml, $Example) {
    $lines = $Example.introduction.SelectNodes("*[local-name()='para']").InnerText -replace [char]0x80 -join "`n" -replace "`r"
    if ($lines -notmatch '(?s)^(?<intro>.*?)\s*```powershell\n(?<code>.*?)\n```\s*```Output\n(?<output>.*?)\n```\s*$') { throw "$($Example.title) is not a text, a powershell block and an Output block." }
    foreach ($part in @('introduction', "$($Matches.intro)`n`n"), @('remarks', "$($Matches.output)`n`n")) {
        $node = $Example.SelectSingleNode("*[local-name()='$($part[0])']")
        $node.RemoveAll()
        $node.AppendChild($Maml.CreateElement('maml', 'para', 'http://schemas.microsoft.com/maml/2004/10')).InnerText = $part[1]
    }
    $Example.SelectSingleNode("*[local-name()='code']").InnerText = $Matches.code
}

# Completes what PlatyPS leaves out or writes oddly: defaults are missing, paragraphs keep the line ends of the page, links point to files that
# Get-Help does not have, and the whole example is in its introduction, although Get-Help shows introduction, code and remarks.
function Complete-Maml([xml]$Maml, $Commands) {
    foreach ($command in $Maml.helpItems.command) {
        $page = $Commands | Where-Object Title -EQ $command.details.name
        foreach ($parameter in $command.parameters.parameter) {
            $default = $Maml.CreateElement('dev', 'defaultValue', 'http://schemas.microsoft.com/maml/dev/2004/10')
            $default.InnerText = ($page.Parameters | Where-Object Name -EQ $parameter.name).DefaultValue
            $null = $parameter.AppendChild($default)
        }
    }
    foreach ($example in $Maml.helpItems.command.examples.example) { Split-Example $Maml $example }
    $Maml.SelectNodes("//*[local-name()='para' and not(ancestor::*[local-name()='example'])]") |
        ForEach-Object { $_.InnerText = $_.InnerText -replace '\r' -replace '(?<!\n)\n(?!\n) *', ' ' }
    $Maml.SelectNodes("//*[local-name()='navigationLink']") | ForEach-Object {
        if ($_.SelectSingleNode("*[local-name()='uri']").InnerText) { $_.SelectSingleNode("*[local-name()='uri']").InnerText = '' }
        else { $null = $_.ParentNode.RemoveChild($_) }
    }
    $text = [IO.StringWriter]::new()
    $Maml.Save($text)
    $text.ToString() -replace 'utf-16', 'utf-8' -replace "`r"
}

function Build-Docs {
    Assert-Module Microsoft.PowerShell.PlatyPS '1.0'
    $pages = Get-ChildItem (Join-Path $PSScriptRoot 'docs/en-US') -Filter *-*.md
    $broken = $pages | Where-Object { -not (Test-MarkdownCommandHelp $_.FullName) -or (Select-String '\{\{' $_.FullName -Quiet) }
    if ($broken) { throw "These pages are not in PlatyPS's format, or have parts to fill in: $($broken.Name -join ', ')" }
    $commands = Import-MarkdownCommandHelp $pages.FullName
    $made = $commands | Export-MamlCommandHelp -OutputFolder (Join-Path $OutputPath 'maml') -Force
    $target = New-Item $HelpPath -ItemType Directory -Force
    Set-Content (Join-Path $target 'Lythonic.Dag.dll-Help.xml') (Complete-Maml (Get-Content $made.FullName -Raw) $commands) -Encoding utf8NoBOM
    foreach ($guide in Get-ChildItem (Join-Path $PSScriptRoot 'docs') -Filter about_*.md) {
        Set-Content (Join-Path $target "$($guide.BaseName).help.txt") ((ConvertTo-HelpText (Get-Content $guide)) -join "`n") -Encoding utf8NoBOM
    }
    "Help written to $target"
}

# The built assemblies are compiled for this platform. A portable folder has portable assemblies, and beside them those that are compiled for common platforms.
function Copy-PortableAssembly($Target) {
    $project = Join-Path $PSScriptRoot 'src/Lythonic.Dag'
    $built = Get-ChildItem (Join-Path $project 'bin/*/net8.0/Lythonic.Dag.dll') -ErrorAction Ignore | Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $built) { throw 'There is nothing to pack: build first, with ./build.ps1.' }
    $configuration = $built.Directory.Parent.Name
    Invoke-Dotnet msbuild $project '-t:StageModule' "-p:Configuration=$configuration" '-p:ReadyToRun=false' "-p:ModuleFolder=$Target/lib/" '-v:quiet'
    Invoke-Dotnet build (Join-Path $PSScriptRoot 'build/Platforms.proj') "-p:Configuration=$configuration" "-p:ModuleFolder=$Target/lib/" '-v:quiet' -nologo
}

# Copies everything that an import and a first run need, and nothing else.
function Copy-Module($Target, [switch]$Portable) {
    Invoke-Build
    $lib = Join-Path $PSScriptRoot 'lib'
    if (-not (Test-Path (Join-Path $lib 'Lythonic.Dag.dll'))) { throw 'The module is not built yet: run ./build.ps1 first.' }
    $lacking = $runtimes | Where-Object { -not (Get-ChildItem (Join-Path $lib "deps/runtimes/$_/native/*e_sqlite3.*") -ErrorAction Ignore) }
    if ($lacking) { throw "The native library is missing for $($lacking -join ', '): build first, with ./build.ps1." }
    if (Test-Path $Target) { Remove-Item $Target -Recurse -Force }
    $null = New-Item $Target -ItemType Directory -Force
    Copy-Item $manifest, $lib -Destination $Target -Recurse
    if ($Portable) { Copy-PortableAssembly $Target }
    'en-US', 'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'README.md', 'CHANGELOG.md' | ForEach-Object { Copy-Item (Join-Path $PSScriptRoot $_) $Target -Recurse }
}

function Build-Package {
    'Packing: half a minute.'
    $folder = Join-Path $OutputPath 'module/Lythonic.Dag'
    Copy-Module $folder -Portable
    if (-not (Import-PowerShellDataFile $manifest).PrivateData.PSData.ProjectUri) { Write-Warning 'The package has no project link: set ProjectUri in Lythonic.Dag.psd1 before it is published.' }
    Get-ChildItem $OutputPath -Filter Lythonic.Dag.*.nupkg | Remove-Item
    $package = Compress-PSResource -Path $folder -DestinationPath $OutputPath -PassThru
    "Module folder: $folder"
    "Package: $package"
}

function Install-Build {
    $version = (Import-PowerShellDataFile $manifest).ModuleVersion
    $target = Join-Path ($env:PSModulePath -split [IO.Path]::PathSeparator)[0] "Lythonic.Dag/$version"
    Copy-Module $target
    "Installed to $target"
}

switch ($Task) {
    Build { Invoke-Build }
    Demo { Invoke-Demo }
    Test { Invoke-Tests }
    Docs { Build-Docs }
    Pack { Build-Package }
    Install { Install-Build }
}
