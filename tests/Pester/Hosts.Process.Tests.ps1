Describe 'Hosts that are processes' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        . (Join-Path $PSScriptRoot 'HostSession.ps1')
    }

    AfterAll { Restore-TestSession }

    It 'run the example of their guide, which writes what it says' {
        $guide = Get-Content (Join-Path $RepositoryRoot 'docs/about_Lythonic.Dag_Hosts.md') -Raw
        $example = [regex]::Match($guide, '(?s)```powershell\r?\n(.*?)\r?\n```\s*```Output\r?\n(.*?)\r?\n```')
        $said = & ([scriptblock]::Create($example.Groups[1].Value))
        $said -join "`n" | Should -Be ($example.Groups[2].Value -replace "`r")
    }

    It 'are not loaded before one is named' {
        $said = Invoke-ChildPwsh @'
$loaded = { [bool]([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Lythonic.Dag.Transport' }) }
$dag = New-Dag here { Add-DagNode a { 1 } }
$null = $dag | Invoke-Dag -NoProvenance
& $loaded
$null = New-DagHost web
& $loaded
'@
        $said | Should -Be False, True
    }

    It 'are the PowerShell that runs, and end with the module and with the caller' {
        $said = Invoke-ChildPwsh @'
$run = New-Dag apart { Add-DagNode a -On Process { "$($PSVersionTable.PSVersion) $PID" } } | Invoke-Dag -NoProvenance
$version, $id = $run.Outputs['a'] -split ' '
"$($version -eq $PSVersionTable.PSVersion) $($id -ne $PID)"
Remove-Module Lythonic.Dag
# PowerShell evaluates what stands before ?. twice, and the process may end in between.
$process = Get-Process -Id $id -ErrorAction Ignore
"$(${process}?.WaitForExit(60000) ?? $true)"
'@
        $said | Should -Be 'True True', 'True'
        # The caller ends at different moments of the end of its host.
        foreach ($round in 1..4) {
            # A single line would be a text, and its last element a digit.
            $said = @(Invoke-ChildPwsh "(New-Dag apart { Add-DagNode a -On Process { `$PID } } | Invoke-Dag -NoProvenance).Outputs['a']")
            Wait-Until { Test-Ended $said[-1] }
        }
    }

    It 'end after a caller that was killed, even if their code does not stop' -Skip:$IsWindows {
        $file = Join-Path $TestDrive 'left'
        $caller = Start-ChildPwsh @"
New-Dag left { Add-DagNode a -On Process { Set-Content '$file' `$PID; [Threading.Thread]::Sleep(-1) } } | Invoke-Dag -NoProvenance
"@
        Wait-Until { (Test-Path $file) -and (Get-Content $file) }
        $caller.Kill()
        Wait-Until { Test-Ended (Get-Content $file) }
    }

    It 'keep a crash to themselves: the node is unreachable, and -RetryCount tries again in another' {
        $run = New-Dag crash {
            Add-DagNode a -On Process -RetryCount 1 { if ($DagContext.Attempt -eq 1) { [Environment]::FailFast('deliberate crash') }; 'again' }
        } | Invoke-Dag
        $run.Outputs['a'] | Should -Be again
        $first = Invoke-StoreQuery $run.DatabasePath "SELECT error FROM node_executions WHERE run_id = '$($run.RunId)' AND attempt = 1"
        $first.error | Should -BeLike "*'process' is unreachable*deliberate crash*"
    }

    It 'take no more calls at once than they have slots, whatever nodes name them' {
        $far = New-DagHost -Command ($ServerWords + '-s', '-NoLogo', '-NoProfile') -Name far -ConnectTimeout 120
        $run = New-Dag slots {
            Add-DagNode numbers { 1, 2 }
            Add-DagNode map -After numbers -On $far -Map { $PID }
            Add-DagNode each -After numbers -On { $using:far } -Map { $PID }
            foreach ($i in 1..4) { Add-DagNode "n$i" -On $far { $PID } }
            Add-DagNode call -After numbers -Call (New-Dag inside { Add-DagNode own -On $far { $PID } })
        } | Invoke-Dag -NoProvenance
        # Each slot is a process of its own.
        $ids = foreach ($label in 'map', 'each', 'n1', 'n2', 'n3', 'n4', 'call') { $run.Outputs[$label] }
        $ids.Count | Should -Be 9
        @($ids | Sort-Object -Unique).Count | Should -Be 1
    }

    It 'tell -RetryOn the type of an error by its name' {
        $run = New-Dag reason {
            Add-DagNode a -On Process -RetryCount 1 -RetryOn { $_.CategoryInfo.Reason -eq 'TimeoutException' } {
                if ($DagContext.Attempt -eq 1) { throw [TimeoutException]::new('slow') }
                'second'
            }
        } | Invoke-Dag -NoProvenance
        $run.Outputs['a'] | Should -Be second
    }

    It 'are lost five times under a call, and the caller lives' -Skip:$IsWindows {
        $said = Invoke-HostChild $null @'
foreach ($round in 1..5) {
    $file = Join-Path $TestDrive "lost-$PID-$round"
    $job = New-Dag lost { Add-DagNode a -On Process { Set-Content $using:file $PID; while ($true) { Start-Sleep -Milliseconds 20 } } } | Invoke-Dag -AsJob
    Wait-Until { (Test-Path $file) -and (Get-Content $file) }
    kill -KILL (Get-Content $file)
    $run = $job | Wait-Job | Receive-Job -ErrorAction SilentlyContinue
    "$($run.Status) $($run.Nodes['a'].Host) $($run.Nodes['a'].Error)"
}
'The caller lives.'
'@
        @($said | Where-Object { $_ -like "failed process *The host 'process' is unreachable*" }).Count | Should -Be 5 -Because ($said -join "`n")
        $said[-1] | Should -Be 'The caller lives.'
    }

    It 'are given up where they are frozen, at -Timeout' -Skip:$IsWindows {
        # On a busy machine, the time may be up before the process is frozen: another trial is made then.
        foreach ($trial in 1..10) {
            $run = New-Dag frozen {
                Add-DagNode a -On Process -Timeout 2 { kill -STOP $PID; while ($true) { Start-Sleep -Milliseconds 20 } }
            } | Invoke-Dag -ErrorAction SilentlyContinue
            if ($run.Nodes['a'].Error -like '*may still run*') { break }
        }
        $run.Nodes['a'].Error | Should -BeLike "*timed out*may still run on host 'process'*"
    }

    It 'import a module again of which a file has changed, and say nothing of the names in it' {
        $folder = (New-Item TestDrive:/Parts -ItemType Directory).FullName
        "@{ RootModule = 'Parts.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'Part-Said' }" | Set-Content $folder/Parts.psd1
        $said = foreach ($text in 'one', 'two') {
            "function Part-Said { '$text' }" | Set-Content $folder/Parts.psm1
            (Get-Item $folder/Parts.psm1).LastWriteTimeUtc = [datetime]::UtcNow.AddMinutes($text.Length + $text.CompareTo('one'))
            Import-Module $folder -Force -DisableNameChecking -Global
            $dag = New-Dag parts -Module Parts { Add-DagNode a -On Process { Part-Said } }
            ($dag | Invoke-Dag -NoProvenance -WarningVariable warned).Outputs['a']
            $warned
        }
        Remove-Module Parts
        $said | Should -Be 'one', 'two'
    }

    It 'end the cmdlet where code writes what -WarningAction Stop or -InformationAction Stop forbids' {
        $dag = New-Dag d { Add-DagNode a -On Process { Write-Warning mild; Write-Information news } }
        { $dag | Invoke-Dag -NoProvenance -WarningAction Stop 3>$null } | Should -Throw -ErrorId 'DagNodeFailed,*'
        { $dag | Invoke-Dag -NoProvenance -InformationAction Stop 3>$null } | Should -Throw -ErrorId 'DagNodeFailed,*'
    }

    It 'end with a run that is cancelled' {
        $file = Join-Path $TestDrive 'cancelled'
        $job = New-Dag cancelled { Add-DagNode a -On Process { Set-Content $using:file $PID; [Threading.Thread]::Sleep(-1) } } | Invoke-Dag -AsJob
        Wait-Until { (Test-Path $file) -and (Get-Content $file) }
        $job | Stop-Job
        $run = Get-DagRun -DagName cancelled -First 1
        $run.Status | Should -Be cancelled
        $run.Nodes['a'].Error | Should -BeLike '*may still run on host*'
        Wait-Until { Test-Ended (Get-Content $file) }
    }

    It 'are killed at the loss of their client only if their command line makes them its server' {
        $lines = '-s -NoLogo', '-NoLogo -sshs', '--ServerMode', '/SSHServerMode', '-NoExit', '-STA', '-c x -s', '-File x.ps1 -s', '-NoLogo -Command -s', ''
        $run = New-Dag lines {
            Add-DagNode a -On Process {
                $type = (Get-Variable __lythonicDag -ValueOnly).GetType().Assembly.GetType('Lythonic.Dag.Remote.ClientLoss')
                foreach ($line in $using:lines) { $type.GetMethod('IsServer').Invoke($null, @(, [string[]]($line -split ' '))) }
            }
        } | Invoke-Dag -NoProvenance
        $run.Outputs['a'] | Should -Be (@($true) * 4 + @($false) * 6)
    }

    It 'lose processes under 500 elements: nothing is lost, and nothing that had completed is done twice' {
        $farm = New-DagHost -Command ($ServerWords + '-s', '-NoLogo', '-NoProfile') -Slots 4 -Name far -ConnectTimeout 120
        $folder = (New-Item (Join-Path $TestDrive 'lost') -ItemType Directory).FullName
        $kills = 60, 200, 350, 499 | ForEach-Object { $_ - (Get-Random -Maximum 40) } | Sort-Object -Unique
        $run = New-Dag many {
            Add-DagNode numbers { 0..499 }
            Add-DagNode work -After numbers -On $farm -Map {
                $isFirst = -not [IO.File]::Exists("$using:folder/$_")
                [IO.File]::AppendAllText("$using:folder/$_", "$($DagContext.Attempt) ")
                if ($_ -in $using:kills -and $isFirst) { [Diagnostics.Process]::GetCurrentProcess().Kill() }
                $_
            }
        } | Invoke-Dag
        $run.Status | Should -Be completed
        $run.Outputs['work'] | Should -Be (0..499)
        $began = 0..499 | ForEach-Object { Get-Content (Join-Path $folder $_) -Raw }
        # Elements that were sent with a lost one may have begun, and are made again as other attempts. Numbers may be missing, but none is used twice.
        0..499 | Where-Object { $began[$_] -notmatch ($_ -in $kills ? '^(\d) (?!\1)\d $' : '^\d $') } | Should -BeNullOrEmpty -Because "hosts were lost under $kills alone"
        $rows = Invoke-StoreQuery $run.DatabasePath "SELECT n.status AS status, count(*) AS count FROM node_executions n JOIN dag_runs r ON r.run_id = n.run_id WHERE r.parent_run_id = '$($run.RunId)' GROUP BY n.status ORDER BY n.status"
        $rows.status | Should -Be completed, failed
        $rows[0].count | Should -Be 500
        $rows[1].count | Should -BeGreaterOrEqual $kills.Count
    }

    It 'have the locks of their nodes one at a time, and a host that is lost holds none' {
        $farm = New-DagHost -Command ($ServerWords + '-s', '-NoLogo', '-NoProfile') -Slots 2 -Name far -ConnectTimeout 120
        $inside = Join-Path $TestDrive 'inside'
        $element = New-Dag element {
            Add-DagNode alone -Lock license {
                $null = New-Item $using:inside
                Start-Sleep -Milliseconds 30
                Remove-Item $using:inside
                if ($_ -eq 2 -and $DagContext.Attempt -eq 1) { [Environment]::Exit(3) }
                $DagContext.Attempt
            }
        }
        $run = New-Dag locked { Add-DagNode numbers { 1..6 }; Add-DagNode work -After numbers -On $farm -Map $element } | Invoke-Dag
        $run.Outputs['work'] | Should -Be 1, 2, 1, 1, 1, 1
    }

    It 'end with a run that Ctrl+C cancels, which their programs hear too: it is cancelled, and no host is unreachable, <Name>' -Skip:$IsWindows -ForEach @(
        @{ Name = 'as a PowerShell ends'; Before = @(); Trap = $null }
        @{ Name = 'as ssh ends'; Before = @('/bin/sh'); Trap = 'exec 3<&0; trap ''kill $p; exit 255'' INT; "$@" <&3 & p=$!; wait $p' }
    ) {
        if ($Trap) {
            Set-Content (Join-Path $TestDrive 'as-ssh.sh') $Trap
            $Before += Join-Path $TestDrive 'as-ssh.sh'
        }
        $database = New-DatabasePath
        $folder = (New-Item (Join-Path $TestDrive "interrupted $($Before.Count)") -ItemType Directory).FullName
        $child = Start-ChildPwsh "New-Dag interrupted { Add-DagNode numbers { 1, 2 }; Add-DagNode work -After numbers -On (New-DagHost -Command '$($Before + $ServerWords -join "', '")', -s, -NoLogo, -NoProfile -Slots 2 -ConnectTimeout 120) -Map { Set-Content (Join-Path '$folder' `$_) `$PID; while (`$true) { Start-Sleep -Milliseconds 10 } } } | Invoke-Dag -DatabasePath '$database'"
        try {
            Wait-Until { @(Get-ChildItem $folder | Get-Content).Count -eq 2 }
            $programs = Get-ChildItem $folder | Get-Content
            $interrupted = if ($Trap) { $programs | ForEach-Object { (Get-Process -Id $_).Parent.Id } } else { $programs }
            # The programs of hosts may have ended before the run is cancelled.
            kill -INT $interrupted
            if ($Trap) { Wait-Until { -not ($interrupted | Where-Object { -not (Test-Ended $_) }) } }
            kill -INT $child.Id
            $child.WaitForExit(300000) | Should -BeTrue
        }
        finally { if (-not $child.HasExited) { $child.Kill() } }
        $run = Get-DagRun -DatabasePath $database
        $run.Status | Should -Be cancelled
        $rows = Invoke-StoreQuery $database "SELECT status, error FROM node_executions WHERE node_label = 'work' OR host IS NOT NULL"
        $rows.status | Sort-Object -Unique | Should -Be cancelled
        $rows.error -match 'unreachable' | Should -BeNullOrEmpty
        Wait-Until { -not ($programs | Where-Object { -not (Test-Ended $_) }) }
    }

    It 'run one command with parameters where they run no scripts, as a constrained endpoint' {
        $file = Join-Path $TestDrive 'constrained.pssc'
        New-PSSessionConfigurationFile -Path $file -SessionType RestrictedRemoteServer -VisibleCmdlets 'Join-Path', 'Write-Warning'
        $jea = New-DagHost -Command ($ServerWords + '-s', '-NoLogo', '-NoProfile', '-ConfigurationFile', $file) -Name jea
        $run = New-Dag constrained {
            Add-DagNode child { 'b' }
            Add-DagNode path -After child -On $jea { param($Child) Join-Path -Path 'a' -ChildPath $Child }
            Add-DagNode say -After path -On $jea { Write-Warning -Message $_ }
        } | Invoke-Dag -WarningVariable said -WarningAction SilentlyContinue
        $run.Status | Should -Be completed
        $run.Nodes['path'].Output | Should -Be (Join-Path a b)
        "$said" | Should -BeLike "*jea: $(Join-Path a b)"
        $run = New-Dag scripts { Add-DagNode a -On $jea { 1 + 1 } } | Invoke-Dag -ErrorAction SilentlyContinue
        $run.Nodes['a'].Error | Should -BeLike "*'jea', which runs no scripts*one command with named parameters*"
    }
}
