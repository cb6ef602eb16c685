Describe 'The package' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        $said = & $PwshPath @PwshArguments -NoProfile -File (Join-Path $RepositoryRoot 'build.ps1') Pack -NoBuild -OutputPath $TestDrive 2>&1 | Out-String
        $folder = Join-Path $TestDrive 'module/Lythonic.Dag'
        $manifest = Join-Path $folder 'Lythonic.Dag.psd1'

        function Read-Assembly($Path) {
            $reader = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead("$Path"))
            try {
                $metadata = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($reader)
                @{
                    NativeSize = $reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size
                    Machine = [int]$reader.PEHeaders.CoffHeader.Machine
                    Identity = $metadata.GetGuid($metadata.GetModuleDefinition().Mvid)
                }
            }
            finally { $reader.Dispose() }
        }
    }

    AfterAll { Restore-TestSession }

    It 'has the module folder, with license and help' {
        $manifest | Should -Exist -Because $said
        'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'en-US/Lythonic.Dag.dll-Help.xml', 'en-US/about_Lythonic.Dag.help.txt', 'en-US/about_Lythonic.Dag_Hosts.help.txt', 'lib/Lythonic.Dag.Transport.dll', 'lib/Lythonic.Dag.Format.ps1xml', 'lib/Lythonic.Dag.Types.ps1xml' | ForEach-Object { Join-Path $folder $_ | Should -Exist }
        (Test-ModuleManifest $manifest).ExportedCmdlets.Keys | Should -Not -BeNullOrEmpty
    }

    It 'has a notice of each library that it brings, in the version that is built in' {
        $notices = Get-Content (Join-Path $folder 'THIRD-PARTY-NOTICES.txt') -Raw
        $brought = Get-ChildItem (Join-Path $folder 'lib/deps') -Filter *.dll -Recurse | Where-Object Name -NotLike 'Lythonic.*'
        $brought.Count | Should -BeGreaterThan 2
        foreach ($file in $brought) { $notices | Should -BeLike "*$($file.Name)*" }
        $libraries = (Get-Content (Join-Path $folder 'lib/deps/Lythonic.Dag.Sqlite.deps.json') -Raw | ConvertFrom-Json -AsHashtable).libraries.Keys
        foreach ($name in 'Microsoft.Data.Sqlite', 'SQLitePCLRaw.core') {
            $library, $version = ($libraries -like "$name/*")[0] -split '/'
            $notices | Should -Match "(?m)^\| $([regex]::Escape(($name -split '\.core')[0])) \| $([regex]::Escape($version)) \|"
        }
        $exporter = (Get-Content (Join-Path $folder 'lib/deps/telemetry/Lythonic.Dag.Telemetry.deps.json') -Raw | ConvertFrom-Json -AsHashtable).libraries.Keys
        foreach ($name in 'OpenTelemetry', 'Microsoft.Extensions.Options') {
            $notices | Should -BeLike "* $((($exporter -like "$name/*")[0] -split '/')[1])*$name.dll*"
        }
    }

    It 'has the native library for <_>' -ForEach 'win-x64', 'win-arm64', 'linux-x64', 'linux-arm64', 'linux-musl-x64', 'linux-musl-arm64', 'osx-x64', 'osx-arm64' {
        $library = Get-Item (Join-Path $folder "lib/deps/runtimes/$_/native/*e_sqlite3.*")
        $library.Count | Should -Be 1
        $library.Length | Should -BeGreaterThan 500KB
    }

    It 'holds portable assemblies: none has code of one processor' {
        $assemblies = @(Get-Item (Join-Path $folder 'lib/*.dll'), (Join-Path $folder 'lib/deps/*.dll'))
        $assemblies.Count | Should -BeGreaterThan 6
        foreach ($assembly in $assemblies) { (Read-Assembly $assembly).NativeSize | Should -Be 0 -Because $assembly.Name }
    }

    # A native image has its processor and its system in one number: the COFF machine, exclusive or a number of the system.
    It 'holds the same assemblies with code for <Platform>' -ForEach @(
        @{ Platform = 'linux-x64'; Machine = 0x8664 -bxor 0x7B79 }
        @{ Platform = 'win-x64'; Machine = 0x8664 }
        @{ Platform = 'osx-arm64'; Machine = 0xAA64 -bxor 0x4644 }
    ) {
        $names = (Get-Item (Join-Path $folder 'lib/*.dll') -Exclude Lythonic.Dag.Platform.dll).Name + (Get-Item (Join-Path $folder 'lib/deps/*.dll')).ForEach({ "deps/$($_.Name)" })
        foreach ($name in $names) {
            $compiled = Read-Assembly (Join-Path $folder "lib/$Platform/$name")
            $compiled.NativeSize | Should -BeGreaterThan 0 -Because $name
            $compiled.Machine | Should -Be $Machine -Because $name
            # If the identity differed, the runtime would refuse it in the place of the portable one.
            $compiled.Identity | Should -Be (Read-Assembly (Join-Path $folder "lib/$name")).Identity -Because $name
        }
    }

    Context 'in a process of its own' {
        BeforeAll {
            # The package is tested in a folder that has nothing of the repository near it.
            $elsewhere = Join-Path $TestDrive 'elsewhere'
            Copy-Item $folder $elsewhere -Recurse
            $script = Join-Path $TestDrive 'use.ps1'
            Set-Content $script @'
param($Module, $Database)
Import-Module $Module
(Get-Module Lythonic.Dag).ModuleBase
$dag = New-Dag packed { Add-DagNode a { 20 }; Add-DagNode b -After a { param($x) $x + 1 } }
$run = $dag | Invoke-Dag -DatabasePath $Database
(Get-DagRun $run.RunId -DatabasePath $Database).Outputs['b']
($run | Invoke-DagReplay -Node b).Status
(Get-Help Invoke-Dag).Synopsis
[AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -match '^(Lythonic\.Dag|Microsoft\.Data\.Sqlite|SQLitePCLRaw)' } | ForEach-Object { Split-Path $_.Location } | Sort-Object -Unique
'@
            $platform = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
            $platform = "$(if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' })-$platform"
        }

        It 'imports and runs from the folder alone, as it is compiled for the platform' {
            $shown = & $PwshPath @PwshArguments -NoProfile -NonInteractive -File $script (Join-Path $elsewhere 'Lythonic.Dag.psd1') (Join-Path $TestDrive 'packed.db') 2>&1 | ForEach-Object { "$_" }
            $shown[0..3] | Should -Be $elsewhere, 21, completed, 'Runs a DAG and writes the run.'
            $lib = Join-Path $elsewhere 'lib'
            $from = if (Test-Path (Join-Path $lib $platform)) { Join-Path $lib $platform } else { $lib }
            $shown[4..9] | Sort-Object | Should -Be (@($lib, $from, (Join-Path $from 'deps')) | Sort-Object -Unique)
        }

        It 'imports and runs with its portable assemblies where it was not compiled for the platform' {
            $portable = Join-Path $TestDrive 'portable'
            Copy-Item $folder $portable -Recurse
            Get-ChildItem (Join-Path $portable 'lib') -Directory -Exclude deps | Remove-Item -Recurse
            $shown = & $PwshPath @PwshArguments -NoProfile -NonInteractive -File $script (Join-Path $portable 'Lythonic.Dag.psd1') (Join-Path $TestDrive 'portable.db') 2>&1 | ForEach-Object { "$_" }
            $shown[0..3] | Should -Be $portable, 21, completed, 'Runs a DAG and writes the run.'
            $shown[4..9] | Should -Be (Join-Path $portable 'lib'), (Join-Path $portable 'lib/deps')
        }

        It 'is installed from a repository by Install-PSResource into an empty module path, and is found by its name' {
            # A process without anything of the user. Its home, which has the modules and the list of repositories, is an empty folder.
            $install = Join-Path $TestDrive 'install.ps1'
            Set-Content $install @'
param($Repository, $Script, $Database)
$ErrorActionPreference = 'Stop'
Register-PSResourceRepository local -Uri $Repository -Trusted
Install-PSResource Lythonic.Dag -Repository local -TrustRepository -Quiet
& $Script Lythonic.Dag $Database
'@
            $homes = 'HOME', 'USERPROFILE', 'LOCALAPPDATA', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'PSModulePath'
            $before = @{}
            $homes | ForEach-Object { $before[$_] = [Environment]::GetEnvironmentVariable($_) }
            $newHome = New-Item (Join-Path $TestDrive 'home') -ItemType Directory
            try {
                $homes | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $(if ($_ -in 'HOME', 'USERPROFILE', 'LOCALAPPDATA') { $newHome.FullName })) }
                $shown = & $PwshPath @PwshArguments -NoProfile -NonInteractive -File $install $TestDrive $script (Join-Path $TestDrive 'installed.db') 2>&1 | ForEach-Object { "$_" }
            }
            finally { $homes | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) } }
            $shown[1..3] | Should -Be 21, completed, 'Runs a DAG and writes the run.' -Because ($shown -join "`n")
            # On Windows, the folder of documents is the system's, whatever the environment says.
            if (-not $IsWindows) { $shown[0] | Should -BeLike "$($newHome.FullName)*Lythonic.Dag*" }
        }
    }

    Context 'for the gallery' {
        BeforeAll {
            $data = Import-PowerShellDataFile $manifest
            $package = Get-Item (Join-Path $TestDrive '*.nupkg')
            [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, (Join-Path $TestDrive 'opened'))
            $nuspec = ([xml](Get-Content (Join-Path $TestDrive 'opened/Lythonic.Dag.nuspec') -Raw)).package.metadata
        }

        It 'carries what it asks for, from the manifest' {
            $nuspec.id | Should -Be Lythonic.Dag
            $nuspec.version | Should -Match '^\d+\.\d+\.\d+(-[0-9A-Za-z]+)?$'
            $nuspec.version | Should -BeLike "$($data.ModuleVersion)*"
            $nuspec.description | Should -Be $data.Description
            $nuspec.licenseUrl | Should -Be $data.PrivateData.PSData.LicenseUri
            $nuspec.releaseNotes | Should -Be $data.PrivateData.PSData.ReleaseNotes
            'PSModule', 'PSEdition_Core' | Should -BeIn ($nuspec.tags -split ' ')
            $data.CompatiblePSEditions | Should -Be Core
        }

        It 'is not large' {
            $package.Length | Should -BeLessThan 25MB
        }

        It 'says what is lacking: a project link, where the manifest has none' {
            if ($data.PrivateData.PSData.ProjectUri) { $nuspec.projectUrl | Should -Be $data.PrivateData.PSData.ProjectUri }
            else { $said | Should -BeLike '*no project link*ProjectUri*' }
        }

        It 'holds the module folder, file by file' {
            $inFolder = Get-ChildItem $folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($folder, $_.FullName) -replace '\\', '/' }
            $inPackage = Get-ChildItem (Join-Path $TestDrive 'opened') -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath((Join-Path $TestDrive 'opened'), $_.FullName) -replace '\\', '/' }
            $inFolder | Should -BeIn $inPackage
        }
    }
}
